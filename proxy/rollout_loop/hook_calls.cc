#include "rollout_loop/hook_calls.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "rollout_loop/hook_text.h"

namespace weir::rollout_loop {
namespace {

using rollout::HookReport;
using rollout::HookVerdict;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

std::string after_tries(std::uint32_t tries, const std::string& last) {
  return "no answer after " + std::to_string(tries) + (tries == 1 ? " try: " : " tries: ") + last;
}

}  // namespace

void HookCalls::ask(const std::vector<std::string>& names, const ServicePlan& service,
                    const rollout::RolloutState& state) {
  for (const auto& hook : service.rollout.hooks) {
    if (std::find(names.begin(), names.end(), hook.name) == names.end()) continue;
    const auto [entry, fresh] = calls_.try_emplace(hook.name, nullptr);
    if (!fresh) continue;
    entry->second = std::make_shared<Call>();
    Question asked{service.name, hook, question(hook, service, state)};
    boost::asio::co_spawn(control_,
                          insist(control_, poster_, std::move(asked), entry->second, counts_),
                          boost::asio::detached);
  }
}

boost::asio::awaitable<void> HookCalls::insist(boost::asio::io_context& control, Poster& poster,
                                               Question question, std::shared_ptr<Call> call,
                                               std::shared_ptr<HookCounts> counts) {
  boost::asio::steady_timer timer(control);
  const auto& hook = question.hook;
  for (std::uint32_t tries = 1;; ++tries) {
    const auto reply = co_await poster.post(question.post);
    auto report = judge(hook, reply);
    ++(*counts)[{hook.name, report.verdict}];
    if (call->abandoned) co_return;
    spdlog::info("{}: hook {}: {}: {}", question.service, hook.name, name_of(report.verdict),
                 report.reason);
    const bool last = tries > hook.retries;
    if (report.verdict != HookVerdict::error || last) {
      if (report.verdict == HookVerdict::error) report.reason = after_tries(tries, report.reason);
      call->report = std::move(report);
      co_return;
    }
    timer.expires_after(backoff(tries));
    co_await timer.async_wait(as_result);
    if (call->abandoned) co_return;
  }
}

std::vector<HookReport> HookCalls::reports() const {
  std::vector<HookReport> reports;
  for (const auto& [name, call] : calls_) {
    if (call->report) reports.push_back(*call->report);
  }
  return reports;
}

std::vector<std::string> HookCalls::unanswered() const {
  std::vector<std::string> names;
  for (const auto& [name, call] : calls_) {
    if (!call->report) names.push_back(name);
  }
  return names;
}

void HookCalls::forget() {
  for (auto& [name, call] : calls_) call->abandoned = true;
  calls_.clear();
}

}  // namespace weir::rollout_loop
