#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/admin_client.h"
#include "cli/exit_code.h"
#include "cli/report.h"
#include "cli/verdict.h"
#include "model/instant.h"

namespace weir::cli {

/// Follows the rollout of one service: shows what happens and, where it is waited for,
/// judges its end and keeps the proxy told that somebody waits. A lost connection is
/// tried again until the time is up.
class Follow {
 public:
  /// `timeout`: from now; 0: none.
  Follow(AdminClient& client, Report& report, std::string service, Milliseconds timeout);
  Follow(const Follow&) = delete;
  Follow& operator=(const Follow&) = delete;

  /// Collects events for as long as the io_context runs; spawn it first, and wait with
  /// `listening` so that no event is missed.
  boost::asio::awaitable<void> collect_events();
  /// Returns once events come in, or after two seconds without success.
  boost::asio::awaitable<void> listening();

  /// Until the time is up: `timed_out`, or `unreachable` where the proxy never answered.
  boost::asio::awaitable<ExitCode> watch();
  /// Likewise, or until the rollout of that epoch has ended.
  boost::asio::awaitable<ExitCode> wait(std::uint64_t epoch);

  /// As the proxy said last; 0: none.
  double driver_timeout_seconds() const noexcept { return driver_timeout_seconds_; }

 private:
  boost::asio::awaitable<ExitCode> go_on();
  boost::asio::awaitable<void> look();
  boost::asio::awaitable<void> send_heartbeat();
  boost::asio::awaitable<ExitCode> end(ExitCode code);
  boost::asio::awaitable<void> receive(EventSource& source);
  void wake() { wakeup_.cancel(); }
  void show_events();
  std::optional<ExitCode> judge() const;
  bool time_is_up() const;

  AdminClient& client_;
  Report& report_;
  const std::string service_;
  const std::optional<Instant> until_;
  boost::asio::steady_timer wakeup_;
  std::optional<RolloutWait> waited_for_;
  std::vector<boost::json::value> events_;  ///< received, not shown yet
  std::string last_event_id_;
  bool connected_ = false;
  bool reached_ = false;
  boost::json::value status_;
  std::optional<Position> at_;     ///< as in `status_`
  std::optional<Position> shown_;  ///< as in the last event shown
  double driver_timeout_seconds_ = 0;
  Instant heartbeat_due_;
};

}  // namespace weir::cli
