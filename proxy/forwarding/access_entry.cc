#include "forwarding/access_entry.h"

#include "http/cookie.h"

namespace weir::forwarding {
namespace {

AccessRecord request_of(const ClientConnection& client) {
  AccessRecord record;
  record.unix_ms = net::unix_ms();
  record.client = decltype(record.client)(client.peer_text);
  record.method = decltype(record.method)(client.intake->head.method_text);
  record.host = decltype(record.host)(client.intake->head.host);
  record.path = decltype(record.path)(client.intake->head.path);
  return record;
}

template <class Reason>
std::optional<std::uint64_t> told_of(ForwardingWorker& worker, Reason reason) {
  return worker.refusal_log().admit(reason, worker.now(), worker.plan().log.refusal_interval);
}

/// Nothing can be answered before its handshake.
bool awaits_tls(const ClientConnection& client) noexcept {
  return client.entrance != nullptr && client.entrance->tls && client.socket.tls() == nullptr;
}

}  // namespace

void log_exchange(Exchange& x) {
  if (!x.failed && !x.shielded && !x.worker.samples_access_log()) return;
  auto record = request_of(x.client);
  record.latency_us = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(x.latency).count());
  record.epoch = x.service.epoch;
  record.status = x.status;
  record.attempts = x.attempts;
  record.shielded = x.shielded;
  record.preview = x.preview;
  record.version = x.version;
  record.client = decltype(record.client)(x.client_address.address.text());
  record.service = decltype(record.service)(x.service.plan->name);
  record.request_id = decltype(record.request_id)(x.request_id);
  x.worker.access_log().push(record);
}

void log_refusal(ForwardingWorker& worker, ClientConnection& client, Refusal refusal,
                 std::string_view request_id) {
  const auto untold = told_of(worker, refusal);
  if (!untold) return;
  auto record = request_of(client);
  record.refused = true;
  record.untold = *untold;
  record.status = static_cast<std::uint16_t>(awaits_tls(client) ? 0 : status_of(refusal));
  record.reason = decltype(record.reason)(name_of(refusal));
  record.request_id = decltype(record.request_id)(request_id);
  worker.access_log().push(record);
}

void log_redirect(ForwardingWorker& worker, ClientConnection& client) {
  auto record = request_of(client);
  record.refused = true;
  record.status = 308;
  record.reason = decltype(record.reason)("redirect_to_https");
  worker.access_log().push(record);
}

void log_refusal(ForwardingWorker& worker, ClientConnection& client, http::Fault fault,
                 std::string_view request_id) {
  const auto untold = told_of(worker, fault);
  if (!untold) return;
  AccessRecord record;  // nothing of a head that broke the rules is repeated
  record.unix_ms = net::unix_ms();
  record.client = decltype(record.client)(client.peer_text);
  record.refused = true;
  record.untold = *untold;
  record.request_id = decltype(record.request_id)(request_id);
  record.status = static_cast<std::uint16_t>(http::status_of(fault));
  record.reason = decltype(record.reason)(http::name_of(fault));
  worker.access_log().push(record);
}

}  // namespace weir::forwarding
