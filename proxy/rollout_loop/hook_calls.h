#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/plan.h"
#include "rollout/hooks.h"
#include "rollout_loop/poster.h"

namespace weir::rollout_loop {

/// Answers of hooks, by hook and what they came to.
using HookCounts = std::map<std::pair<std::string, rollout::HookVerdict>, std::uint64_t>;

/// The hooks of one service that were asked since its rollout moved last. Control thread only.
class HookCalls {
 public:
  /// Both outlive it.
  HookCalls(boost::asio::io_context& control, Poster& poster)
      : control_(control), poster_(poster), counts_(std::make_shared<HookCounts>()) {}

  /// Calls those of `names` that were not called yet. A hook has its report once it has answered,
  /// or has not after all its tries.
  void ask(const std::vector<std::string>& names, const ServicePlan& service,
           const rollout::RolloutState& state);
  std::vector<rollout::HookReport> reports() const;
  std::vector<std::string> unanswered() const;  ///< names
  /// The rollout moved: whatever was asked is of no account any more.
  void forget();
  const HookCounts& counts() const noexcept { return *counts_; }

 private:
  /// Shared with its coroutine, which may outlive the service.
  struct Call {
    std::optional<rollout::HookReport> report;
    bool abandoned = false;
  };
  struct Question {
    std::string service;
    Hook hook;
    HttpPost post;
  };
  static boost::asio::awaitable<void> insist(boost::asio::io_context& control, Poster& poster,
                                             Question question, std::shared_ptr<Call> call,
                                             std::shared_ptr<HookCounts> counts);

  boost::asio::io_context& control_;
  Poster& poster_;
  std::map<std::string, std::shared_ptr<Call>> calls_;
  std::shared_ptr<HookCounts> counts_;
};

}  // namespace weir::rollout_loop
