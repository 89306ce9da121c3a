#include "forwarding/redirect.h"

#include "forwarding/access_entry.h"
#include "forwarding/answer.h"
#include "http/https_redirect.h"

namespace weir::forwarding {

net::Task<bool> redirect(ForwardingWorker& worker, ClientConnection& client) {
  const auto& head = client.intake->head;
  bool keep = true;
  if (head.host.empty()) {
    co_await refuse(worker, client, Refusal::no_host, keep);
  } else {
    worker.count_redirect();
    keep = keeps_client(worker, client);
    std::string out;
    http::write_https_redirect(head, *client.entrance->redirect_to_https, !keep, out);
    co_await send_all(client, out, worker.plan().timeouts.send_stall);
    if (worker.samples_access_log()) log_redirect(worker, client);
  }
  if (keep) client.intake->input.consume(head.content_length);
  co_return keep;
}

}  // namespace weir::forwarding
