#include "forwarding/mirror.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "forwarding/copy.h"
#include "forwarding/mirror_rule.h"
#include "http/head_writer.h"

namespace weir::forwarding {
namespace {

MirrorCandidate candidate_of(const Exchange& x, const routing::ServiceRoute& now) {
  const auto& head = x.client.intake->head;
  return {.method = head.method,
          .body = head.body,
          .content_length = head.content_length,
          .upgrade = head.upgrade_requested,
          .preview = x.preview,
          .by_stable = x.version == now.stable && !x.shielded,
          .ending = x.ended,
          .weight = now.weight,
          .canary = now.pools[now.canary()].get()};
}

bool is_drawn(ForwardingWorker& worker, Weight share) {
  return worker.connections().random() % Weight::whole < share.basis_points();
}

}  // namespace

// Rollouts begin while requests are under way: what counts is the route of now.
void mirror(Exchange& x) {
  const auto* now = x.worker.routes()->by_index[x.service.index];
  if (now == nullptr || !may_be_copied(candidate_of(x, *now))) return;
  const auto& plan = now->plan->mirror;
  if (!is_drawn(x.worker, plan.share)) return;
  auto place = x.worker.copies().place(now->index, plan.max_in_flight);
  if (!place || !x.worker.keeps_clients()) {
    return mirror_tally(*x.worker.routes(), *now).count_dropped();
  }
  auto copy = std::make_unique<Copy>(x.worker, *now,
                                     CopiedRequest{http::copy_of_head(x.scratch->request_out),
                                                   x.client.intake->head.method,
                                                   {x.status, x.latency}},
                                     *std::move(place));
  boost::asio::co_spawn(x.worker.worker().executor(), send_copy(std::move(copy)),
                        boost::asio::detached);
}

}  // namespace weir::forwarding
