#include "forwarding/choose_version.h"

#include "http/client_address.h"
#include "http/cookie.h"
#include "http/head_writer.h"
#include "http/trace_context.h"
#include "routing/split.h"

namespace weir::forwarding {
namespace {

bool is_set(std::optional<std::string_view> value) noexcept {
  return value && !value->empty() && *value != "0";
}

bool asks_clients(const Entrance* entrance) noexcept {
  return entrance != nullptr && entrance->tls && entrance->tls->asks_clients();
}

bool asks_for_preview(const Exchange& x) {
  const auto& preview = x.service.plan->preview;
  if (preview.header.empty() && preview.cookie.empty()) return false;
  if (preview.trusted_only && !x.client_address.peer_trusted) return false;
  const auto& head = x.client.intake->head;
  return (!preview.header.empty() && is_set(http::field_value(head.fields, preview.header))) ||
         (!preview.cookie.empty() && is_set(http::cookie_value(head, preview.cookie)));
}

std::string_view name_of(StickyKey::SameSite same_site) noexcept {
  switch (same_site) {
    case StickyKey::SameSite::lax:
      return "Lax";
    case StickyKey::SameSite::strict:
      return "Strict";
    case StickyKey::SameSite::none:
      return "None";
  }
  return "";
}

bool for_https_only(const Exchange& x) noexcept {
  const auto secure = x.service.plan->key.secure;
  if (secure != StickyKey::Secure::automatic) return secure == StickyKey::Secure::always;
  const auto scheme = http::forwarded_scheme(x.client.intake->head, x.client_address.peer_trusted,
                                             x.client.scheme());
  return http::equal_names(scheme, "https");
}

void issue_key(Exchange& x) {
  const auto& key = x.service.plan->key;
  auto& scratch = *x.scratch;
  auto& cookie = scratch.set_cookie;
  scratch.issued_key = x.worker.new_request_id().view();
  cookie.append(key.name).append("=").append(scratch.issued_key);
  if (auto* seal = x.worker.sticky_seal(x.service)) {
    const auto signature = seal->sign(key.name, scratch.issued_key);
    if (signature) cookie.append(".").append(signature->view());
  }
  cookie.append("; Path=/; Max-Age=").append(std::to_string(key.lifetime.count() / 1000));
  cookie.append("; HttpOnly; SameSite=").append(name_of(key.same_site));
  if (for_https_only(x)) cookie.append("; Secure");
}

/// Nothing where the client has none, or one that was not given out here.
std::optional<std::string_view> key_in_cookie(Exchange& x, bool& refused) {
  const auto& key = x.service.plan->key;
  const auto value = http::cookie_value(x.client.intake->head, key.name);
  auto* seal = key.secret_file.empty() ? nullptr : x.worker.sticky_seal(x.service);
  if (!value || value->empty() || seal == nullptr) return value;
  const auto opened = seal->open(key.name, *value);
  refused = !opened;
  return opened;
}

/// The client's key; its address where the configured source has none. `refused`: it had one
/// that does not count.
std::uint64_t key_hash_of(Exchange& x, bool& refused) {
  using Source = StickyKey::Source;
  const auto& key = x.service.plan->key;
  if (key.source == Source::none) return x.worker.connections().random();
  std::optional<std::string_view> found;
  if (key.source == Source::cookie) found = key_in_cookie(x, refused);
  if (key.source == Source::header) {
    found = http::field_value(x.client.intake->head.fields, key.name);
  }
  if (found && !found->empty()) return routing::key_hash(x.service.salt(), *found);
  if (key.source == Source::cookie && key.issue) {
    issue_key(x);
    return routing::key_hash(x.service.salt(), x.scratch->issued_key);
  }
  return routing::key_hash(x.service.salt(), x.client_address.address.text());
}

}  // namespace

void choose_version(Exchange& x) {
  x.scratch->issued_key.clear();
  x.scratch->set_cookie.clear();
  x.client_address =
      http::resolve_client(x.client.intake->head, x.client.peer, x.worker.plan().forwarded);
  x.preview = asks_for_preview(x);
  bool refused = false;
  x.key = key_hash_of(x, refused);
  const auto chosen = x.service.split().choose(x.key);
  x.version = x.preview ? x.service.canary() : chosen;
  if (refused) x.tally().count_refused_key();
}

void write_request_out(Exchange& x) {
  auto& scratch = *x.scratch;
  auto& random = x.worker.connections();
  x.request_id = http::client_request_id(x.client.intake->head);
  if (x.request_id.empty()) {
    scratch.request_id = x.worker.new_request_id();
    x.request_id = scratch.request_id.view();
  }
  x.traceparent = http::client_traceparent(x.client.intake->head);
  if (x.traceparent.empty()) {
    scratch.traceparent =
        http::format_traceparent(random.random(), random.random(), random.random(), false);
    x.traceparent = scratch.traceparent.view();
  }
  const bool is_peer = x.client_address.address == x.client.peer;
  const auto client_text = is_peer ? x.client.peer_text : x.client_address.address.text();
  http::write_request_head(x.client.intake->head,
                           {.client_text = client_text,
                            .peer_text = x.client.peer_text,
                            .peer_trusted = x.client_address.peer_trusted,
                            .scheme = x.client.scheme(),
                            .request_id = x.request_id,
                            .traceparent = x.traceparent,
                            .upgrade = x.client.intake->head.upgrade_requested,
                            .client_asked = asks_clients(x.client.entrance),
                            .client = x.client.identity.get()},
                           scratch.request_out);
}

}  // namespace weir::forwarding
