#include "upstream/health_check.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <optional>
#include <random>
#include <tuple>

#include "net/clock.h"
#include "net/send.h"
#include "net/stream.h"
#include "upstream/pool_health.h"
#include "upstream/whole_response.h"

namespace weir::upstream {
namespace {

using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;

auto probe_fields(const CheckTarget& target) {
  const auto& check = target.check;
  return std::tie(target.endpoint, target.host_field, check.kind, check.path, check.expect_status,
                  check.interval, check.jitter, check.timeout, target.secured, target.tls,
                  target.name);
}

CheckResult failed(std::string_view stage, const net::error_code& error) {
  return {false, failure_text(stage, error)};
}

CheckResult judged(unsigned status, const HealthCheck& check) {
  const auto seen = "status " + std::to_string(status);
  if (status == check.expect_status) return {true, seen};
  return {false, seen + ", expected " + std::to_string(check.expect_status)};
}

std::string request_to(const CheckTarget& target) {
  return "GET " + target.check.path + " HTTP/1.1\r\nHost: " + target.host_field +
         "\r\nUser-Agent: weir-health-check\r\nConnection: close\r\n\r\n";
}

}  // namespace

bool same_probe(const CheckTarget& a, const CheckTarget& b) {
  return probe_fields(a) == probe_fields(b);
}

std::string host_field_of(const HealthCheck& check, const EndpointName& name) {
  if (!check.host.empty()) return check.host;
  const bool v6 = name.host.find(':') != std::string::npos;
  const auto host = v6 ? "[" + name.host + "]" : name.host;
  return name.port == 80 ? host : host + ":" + std::to_string(name.port);
}

/// Shared by the handle and its coroutine, which may outlive the handle by one turn.
struct RepeatingCheck::Run {
  Run(const net::Executor& executor, CheckPace& of_all, CheckTarget whom, std::uint64_t seed,
      Report tell)
      : target(std::move(whom)),
        report(std::move(tell)),
        pace(of_all),
        random(static_cast<std::uint32_t>(seed)),
        timer(executor) {}

  const CheckTarget target;
  const Report report;
  CheckPace& pace;
  std::minstd_rand random;  ///< small: there may be a hundred thousand of them
  Timer timer;
  std::optional<net::Stream> stream;  ///< of the probe under way
  bool timed_out = false;             ///< that probe
  bool has_turn = false;              ///< waits for the start it was given
  bool stopped = false;

  void close() {
    net::error_code ignored;
    if (stream) stream->close(ignored);
  }
};

RepeatingCheck::RepeatingCheck(boost::asio::io_context& context, CheckPace& pace,
                               CheckTarget target, Milliseconds first_after, std::uint64_t seed,
                               Report report)
    : run_(std::make_shared<Run>(context.get_executor(), pace, std::move(target), seed,
                                 std::move(report))) {
  boost::asio::co_spawn(context, repeat(run_, first_after), boost::asio::detached);
}

RepeatingCheck::~RepeatingCheck() {
  run_->stopped = true;
  if (run_->has_turn) run_->pace.give_back();
  run_->timer.cancel();
  run_->close();
}

net::Task<> RepeatingCheck::await_turn(std::shared_ptr<Run> run) {
  const auto now = net::now();
  const auto start = run->pace.take(now);
  if (start == now) co_return;
  run->has_turn = true;
  run->timer.expires_at(start);
  co_await run->timer.async_wait(net::as_result);
  run->has_turn = false;
}

net::Task<> RepeatingCheck::repeat(std::shared_ptr<Run> run, Milliseconds first_after) {
  auto next = net::now() + first_after;
  while (!run->stopped) {
    run->timer.expires_at(next);
    co_await run->timer.async_wait(net::as_result);
    if (run->stopped) co_return;
    co_await await_turn(run);
    if (run->stopped) co_return;
    const auto& check = run->target.check;
    next = net::now() + jittered(check.interval, check.jitter, run->random());
    const CheckResult result = co_await probe(run);
    if (!run->stopped) run->report(result);
  }
}

net::Task<> RepeatingCheck::watch(std::shared_ptr<Run> run) {
  const auto [error] = co_await run->timer.async_wait(net::as_result);
  if (error) co_return;  // the probe ended first
  run->timed_out = true;
  run->close();
}

net::Task<CheckResult> RepeatingCheck::probe(std::shared_ptr<Run> run) {
  const auto timeout = run->target.check.timeout;
  run->timed_out = false;
  run->stream.emplace(net::Socket(run->timer.get_executor()));
  run->timer.expires_after(timeout);
  boost::asio::co_spawn(run->timer.get_executor(), watch(run), boost::asio::detached);
  CheckResult result = co_await reach(run);
  if (result.passed && run->target.check.kind == HealthCheck::Kind::http) {
    result = co_await ask(run);
  }
  run->timer.cancel();
  run->stream.reset();
  if (run->timed_out) {
    co_return CheckResult{false, "timed out after " + std::to_string(timeout.count()) + " ms"};
  }
  co_return result;
}

net::Task<CheckResult> RepeatingCheck::reach(std::shared_ptr<Run> run) {
  auto& stream = *run->stream;
  const auto& target = run->target;
  const auto [error] = co_await stream.socket().async_connect(target.endpoint, net::as_result);
  if (error) co_return failed("connect", error);
  if (!target.secured) co_return CheckResult{true, "connected"};
  if (!target.tls) co_return CheckResult{false, "TLS: its files cannot be read"};
  net::error_code ignored;
  stream.socket().non_blocking(true, ignored);
  auto ssl = target.tls->open(target.name, nullptr);
  const auto refused = co_await stream.handshake(std::move(ssl));
  if (!refused) co_return CheckResult{true, "connected"};
  const auto& text = stream.tls()->failure_text();
  if (text.empty()) co_return failed("TLS", refused);
  co_return CheckResult{false, "TLS: " + text};
}

net::Task<CheckResult> RepeatingCheck::ask(std::shared_ptr<Run> run) {
  const auto request = request_to(run->target);
  net::Gather gather;
  gather.add(request);
  const auto unsent = co_await net::send_rest(*run->stream, gather);
  if (unsent) co_return failed("send", unsent);
  WholeResponse response;
  const auto error = co_await receive_whole(*run->stream, response);
  if (error) co_return failed("response", error);
  co_return judged(response.get().result_int(), run->target.check);
}

}  // namespace weir::upstream
