#pragma once
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/endpoint.h"
#include "model/plan.h"
#include "net/task.h"
#include "net/tls_client.h"
#include "upstream/check_pace.h"

namespace weir::upstream {

/// Whom to probe and how. `check.kind` is tcp or http.
struct CheckTarget {
  net::Tcp::endpoint endpoint;
  std::string host_field;  ///< for http
  HealthCheck check;
  bool secured = false;                         ///< under TLS, or not at all
  std::shared_ptr<const net::TlsClient> tls{};  ///< null where secured: cannot be had, fails
  std::string name{};                           ///< of the endpoint, for TLS
};

/// Whether nothing about the probe differs. The thresholds `rise` and `fall` are no part of it.
bool same_probe(const CheckTarget& a, const CheckTarget& b);

/// What the probe sends as Host (RFC 9110 §7.2): `check.host` or else the endpoint's name,
/// with its port unless that is 80.
std::string host_field_of(const HealthCheck& check, const EndpointName& name);

/// What one probe found, for people where it says why: "status 200", "status 503, expected
/// 200", "connect: Connection refused", "timed out after 1000 ms".
struct CheckResult {
  bool passed = false;
  std::string reason;
};

/// Probes one endpoint again and again until destroyed. A tcp probe passes once connected,
/// TLS included where the pool has it;
/// an http probe (GET, HTTP/1.1, Connection: close) passes when a whole response with
/// exactly `expect_status` arrives, head at most 8 KiB and body at most 64 KiB. `timeout`
/// bounds the whole probe; `interval` ± `jitter` runs from start to start, or longer where
/// the pace leaves no room.
///
/// Lives on the thread of `context` and ends before it. `report` is never called from the
/// constructor, nor during or after the destructor; it may destroy the check.
class RepeatingCheck {
 public:
  using Report = std::function<void(const CheckResult&)>;

  /// `seed` feeds the jitter. `pace`: of all checks; outlives this one.
  RepeatingCheck(boost::asio::io_context& context, CheckPace& pace, CheckTarget target,
                 Milliseconds first_after, std::uint64_t seed, Report report);
  ~RepeatingCheck();
  RepeatingCheck(const RepeatingCheck&) = delete;
  RepeatingCheck& operator=(const RepeatingCheck&) = delete;

 private:
  struct Run;
  static net::Task<> await_turn(std::shared_ptr<Run> run);
  static net::Task<> repeat(std::shared_ptr<Run> run, Milliseconds first_after);
  static net::Task<CheckResult> probe(std::shared_ptr<Run> run);
  static net::Task<> watch(std::shared_ptr<Run> run);
  static net::Task<CheckResult> reach(std::shared_ptr<Run> run);
  static net::Task<CheckResult> ask(std::shared_ptr<Run> run);

  std::shared_ptr<Run> run_;
};

}  // namespace weir::upstream
