#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/plan.h"
#include "outcomes/tally.h"
#include "rollout/decide.h"
#include "rollout_loop/audit_log.h"
#include "rollout_loop/event_feed.h"
#include "rollout_loop/hook_calls.h"
#include "rollout_loop/load_meter.h"
#include "rollout_loop/notice_queue.h"
#include "rollout_loop/poster.h"
#include "rollout_loop/publication.h"
#include "rollout_loop/rollout_history.h"
#include "rollout_loop/service_evidence.h"
#include "rollout_loop/service_status.h"
#include "rollout_loop/state_store.h"

namespace weir::rollout_loop {

/// How an operator's action ended.
struct ActionResult {
  enum class Kind : std::uint8_t {
    done,       ///< in force on every worker and on disk
    unchanged,  ///< it already was so
    unknown_service,
    refused,        ///< not legal in this phase
    stale_epoch,    ///< `If-Match` named another epoch
    not_persisted,  ///< a rise in weight the disk refused; nothing changed
    handed_over,    ///< another process is taking over and will know
  };
  Kind kind = Kind::done;
  std::string message;                  ///< for people; empty when done
  std::optional<ServiceStatus> status;  ///< after the action; absent for an unknown service
};

/// Gathers tallies, calls `decide`, publishes snapshots, persists. Lives on the
/// control thread; nothing here is called from a worker.
///
/// A fall in weight is published first and persisted after, so that a slow disk
/// never delays a rollback; a rise is persisted first, so that a crash never
/// forgets it.
class RolloutLoop {
 public:
  /// While a rollout is in progress; a second where none is.
  static constexpr Milliseconds tick{20};

  /// `poster`: calls hooks. `handed_over`: newer than what the store has, from the process before.
  RolloutLoop(boost::asio::io_context& control, Publication& publication, StateStore& store,
              AuditLog& audit, RolloutHistory& history, Poster& poster,
              std::optional<Kept> handed_over = {});

  /// Takes over a configuration: services that stay keep state and tallies. Every
  /// worker has the snapshot when it returns. `view_of`: how each pool looks now.
  using ViewOf = std::function<PoolViewPtr(const std::string& service, Version version)>;
  boost::asio::awaitable<void> apply(std::shared_ptr<const Plan> plan, ViewOf view_of);
  /// A pool looks different now; null views are not allowed.
  void pool_changed(const std::string& service, Version version, PoolViewPtr view);
  /// Ticks until `stop`.
  boost::asio::awaitable<void> run();
  void stop();

  /// Decides, changes and saves nothing until `resume`; pools are still followed.
  void suspend() { suspended_ = true; }
  void resume() {
    suspended_ = false;
    wake();
  }
  bool suspended() const noexcept { return suspended_; }
  /// Saves once more and suspends: what the next process begins with.
  Kept hand_over();

  std::vector<std::string> services() const;  ///< in configuration order
  std::optional<ServiceStatus> status(std::string_view service) const;
  /// `if_epoch`: refuse unless it is the current one. `who`: for the audit log. A request
  /// whose key was carried out before, also before a restart, changes nothing.
  boost::asio::awaitable<ActionResult> act(std::string service, rollout::ActionRequest request,
                                           std::optional<std::uint64_t> if_epoch, std::string who);
  EventFeed& events() noexcept { return events_; }
  AuditLog& audit() noexcept { return audit_; }
  const RolloutHistory& history() const noexcept { return history_; }
  std::uint64_t persist_failures() const noexcept { return persist_failures_; }
  /// Saved with each transition; whoever takes a notice out of it saves too.
  NoticeQueue& notices() noexcept { return notices_; }
  void save_notices();

 private:
  struct Service {
    std::shared_ptr<const ServicePlan> plan;
    std::size_t index = 0;
    rollout::RolloutState state;
    rollout::GuardPanel guards;
    std::vector<rollout::Assessment> assessments;
    PerVersion<PoolViewPtr> pools;
    ServiceEvidence evidence;
    LoadMeter load;
    PerVersion<outcomes::Counts> at_start;  ///< of the rollout
    rollout::SeenOfBoth seen{};             ///< since then, by every process
    TransitionNote last{};                  ///< transition; kind empty: none is known
    HookCalls hooks;
  };

  Service& enter(const ServicePlan& plan, std::shared_ptr<const Plan> owner);
  /// What is known of the rollout of an earlier process.
  void recall(Service& service);
  void gather(Instant now);
  /// Null where the service is gone, or in another rollout.
  Service* find(std::size_t index, std::uint64_t epoch);
  void count(Service& service, Instant now);
  /// Reads how long exchanges took, where guards ask for stable's p95.
  void measure(Service& service, Instant now);
  void tick_service(Service& service, Instant now);
  static rollout::Conditions conditions_now(const Service& service);
  /// What the guards say of a rollout in progress.
  rollout::Evidence look(Service& service, Instant now);
  /// Puts a decision in force. False: a rise the disk refused; nothing changed.
  bool adopt(Service& service, rollout::Decision decision, const std::string& who);
  void begin_epoch(Service& service);
  /// Nothing: the policy's fixed bound is in force.
  static std::optional<rollout::Slowness> slowness_of(const Service& service);
  /// The guards forget what they saw.
  void begin_evidence(Service& service);
  std::vector<Event> events_of(const std::string& service,
                               std::vector<rollout::Transition> transitions,
                               const std::string& who) const;
  void announce(Service& service, std::vector<Event> events);
  /// Everything, before somebody else takes over or nobody does.
  void save_all();
  bool save(const std::string& service, const rollout::RolloutState& state);
  void checkpoint(Instant now);
  /// `run` looks whether it has to tick, now.
  void wake() { timer_.cancel(); }
  bool any_in_progress() const noexcept;
  void publish();
  std::shared_ptr<const routing::ServiceRoute> route_of(const Service& service) const;

  boost::asio::io_context& control_;
  Publication& publication_;
  StateStore& store_;
  AuditLog& audit_;
  RolloutHistory& history_;
  Poster& poster_;
  EventFeed events_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<const Plan> plan_;
  std::vector<std::string> order_;
  std::map<std::string, Service, std::less<>> services_;
  std::map<std::string, std::size_t> indices_;  ///< of every service ever seen
  std::vector<Service*> by_index_;              ///< null: not configured
  std::shared_ptr<const routing::HostIndex> hosts_;
  States states_;  ///< also of services that are configured no longer
  NoticeQueue notices_;
  std::string persist_error_;
  std::uint64_t persist_failures_ = 0;
  std::uint64_t ticks_ = 0;
  bool unsaved_ = false;  ///< a retreat is in force that the disk does not know
  bool publish_asked_ = false;
  bool stopped_ = false;
  bool suspended_ = false;  ///< another process has the state, or still has it
  Instant saved_at_;
};

}  // namespace weir::rollout_loop
