#include "rollout_loop/hook_text.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "rollout/course.h"
#include "rollout_loop/position.h"

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;
using rollout::HookReport;
using rollout::HookVerdict;

constexpr std::size_t longest_reason = 200;

/// The step that comes next; their count: none.
std::uint32_t next_step(const RolloutPolicy& policy, const rollout::RolloutState& state) {
  return rollout::entered(state, policy) ? state.step + 1 : state.step;
}

/// What canary's weight becomes where the hook passes.
Weight next_weight(const Hook& hook, const RolloutPolicy& policy,
                   const rollout::RolloutState& state) {
  if (hook.at == Hook::At::after_rollback) return Weight::none();
  const auto next = next_step(policy, state);
  return next < policy.steps.size() ? policy.steps[next].weight : Weight::all();
}

/// One line of at most so many bytes, whole characters of UTF-8.
std::string shortened(std::string text) {
  const auto is_continuation = [](char octet) { return (octet & 0xc0) == 0x80; };
  if (text.size() > longest_reason) {
    auto end = longest_reason;
    while (end > 0 && is_continuation(text[end])) --end;
    text.resize(end);
  }
  const auto is_control = [](char octet) {
    return static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f;
  };
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

std::optional<std::string> member(const json::object* object, const char* name) {
  const auto* value = object == nullptr ? nullptr : object->if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<HookVerdict> verdict_of(const HttpReply& reply,
                                      const std::optional<std::string>& said) {
  const bool success = succeeded(reply);
  if (success && (reply.body.empty() || said == "pass")) return HookVerdict::pass;
  if (success && said == "fail") return HookVerdict::fail;
  if (reply.status >= 400 && !may_change(reply)) return HookVerdict::fail;
  return std::nullopt;
}

}  // namespace

HttpPost question(const Hook& hook, const ServicePlan& service,
                  const rollout::RolloutState& state) {
  const auto at = std::string(weir::name_of(hook.at));
  HttpPost post;
  post.target = hook.target;
  post.limit = hook.deadline;
  post.id = service.name + '-' + std::to_string(state.epoch) + '-' + at + '-' +
            std::to_string(next_step(service.rollout, state)) + '-' + hook.name;
  json::object body{
      {"id", post.id},
      {"hook", hook.name},
      {"at", at},
      {"service", service.name},
      {"revision", state.revision},
      {"reason", state.reason},
      {"position", position(state)},
      {"next_weight_percent", next_weight(hook, service.rollout, state).basis_points() / 100.0}};
  post.body = json::serialize(body);
  return post;
}

HookReport judge(const Hook& hook, const HttpReply& reply) {
  if (reply.status == 0) return {hook.name, HookVerdict::error, reply.failure};
  boost::system::error_code garbage;
  const auto body = json::parse(reply.body, garbage);
  const auto* object = garbage ? nullptr : body.if_object();
  const auto verdict = verdict_of(reply, member(object, "verdict"));
  auto status = "status " + std::to_string(reply.status);
  if (!verdict) {
    if (succeeded(reply)) status += " with a body that is no verdict";
    return {hook.name, HookVerdict::error, std::move(status)};
  }
  auto reason = member(object, "reason");
  return {hook.name, *verdict, reason ? shortened(*std::move(reason)) : std::move(status)};
}

}  // namespace weir::rollout_loop
