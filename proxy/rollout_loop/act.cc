#include "net/clock.h"
#include "rollout_loop/changes.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::rollout_loop {

boost::asio::awaitable<ActionResult> RolloutLoop::act(std::string name,
                                                      rollout::ActionRequest request,
                                                      std::optional<std::uint64_t> if_epoch,
                                                      std::string who) {
  using Kind = ActionResult::Kind;
  const auto found = services_.find(name);
  if (found == services_.end()) {
    co_return ActionResult{Kind::unknown_service, "no service is named '" + name + "'", {}};
  }
  auto& service = found->second;
  if (suspended_) {
    co_return ActionResult{Kind::handed_over, "another process takes over now: ask again", {}};
  }
  if (is_repeated(service.state, request.key)) {
    co_return ActionResult{Kind::unchanged, {}, status(name)};
  }
  const auto epoch = service.state.epoch;
  if (if_epoch && *if_epoch != epoch) {
    co_return ActionResult{Kind::stale_epoch, "the epoch is " + std::to_string(epoch),
                           status(name)};
  }
  measure(service, net::now());
  auto outcome = rollout::apply(service.state, service.plan->rollout, request, net::now(),
                                conditions_now(service));
  if (const auto* refusal = std::get_if<rollout::Refusal>(&outcome)) {
    co_return ActionResult{Kind::refused, refusal->reason, status(name)};
  }
  auto& decision = std::get<rollout::Decision>(outcome);
  const bool changed = !decision.transitions.empty();
  if (changed) remember(decision.next, request.key);
  if (!adopt(service, std::move(decision), who)) {
    co_return ActionResult{Kind::not_persisted, "the state could not be saved: " + persist_error_,
                           status(name)};
  }
  co_await publication_.settled();
  history_.write(name);
  co_return ActionResult{changed ? Kind::done : Kind::unchanged, {}, status(name)};
}

}  // namespace weir::rollout_loop
