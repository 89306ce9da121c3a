#include "upstream/health_check.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <random>
#include <tuple>

#include "net/clock.h"
#include "upstream/pool_health.h"

namespace weir::upstream {
namespace {

namespace http = boost::beast::http;
using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;
using Stream = boost::beast::basic_stream<net::Tcp, net::Executor>;

constexpr std::uint32_t head_limit = 8 * 1024;
constexpr std::uint64_t body_limit = 64UL * 1024;
constexpr std::size_t buffer_limit = 16UL * 1024;  // above head_limit, which thus decides

auto probe_fields(const CheckTarget& target) {
  const auto& check = target.check;
  return std::tie(target.endpoint, target.host_field, check.kind, check.path, check.expect_status,
                  check.interval, check.jitter, check.timeout);
}

bool is_too_large(const net::error_code& error) {
  return error == http::error::header_limit || error == http::error::body_limit ||
         error == http::error::buffer_overflow;
}

CheckResult failed(std::string_view stage, const net::error_code& error, const HealthCheck& check) {
  if (error == boost::beast::error::timeout) {
    return {false, "timed out after " + std::to_string(check.timeout.count()) + " ms"};
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message) {
    return {false, "closed before the response was complete"};
  }
  if (is_too_large(error)) return {false, "response too large"};
  return {false, std::string(stage) + ": " + error.message()};
}

CheckResult judged(unsigned status, const HealthCheck& check) {
  const auto seen = "status " + std::to_string(status);
  if (status == check.expect_status) return {true, seen};
  return {false, seen + ", expected " + std::to_string(check.expect_status)};
}

http::request<http::empty_body> request_to(const CheckTarget& target) {
  http::request<http::empty_body> request(http::verb::get, target.check.path, 11);
  request.set(http::field::host, target.host_field);
  request.set(http::field::user_agent, "weir-health-check");
  request.set(http::field::connection, "close");
  return request;
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
  Run(const net::Executor& executor, CheckTarget whom, std::uint64_t seed, Report tell)
      : target(std::move(whom)), report(std::move(tell)), random(seed), timer(executor) {}

  const CheckTarget target;
  const Report report;
  std::mt19937_64 random;
  Timer timer;
  std::optional<Stream> stream;  ///< of the probe under way
  bool stopped = false;
};

RepeatingCheck::RepeatingCheck(boost::asio::io_context& context, CheckTarget target,
                               Milliseconds first_after, std::uint64_t seed, Report report)
    : run_(std::make_shared<Run>(context.get_executor(), std::move(target), seed,
                                 std::move(report))) {
  boost::asio::co_spawn(context, repeat(run_, first_after), boost::asio::detached);
}

RepeatingCheck::~RepeatingCheck() {
  run_->stopped = true;
  run_->timer.cancel();
  if (run_->stream) run_->stream->close();
}

net::Task<> RepeatingCheck::repeat(std::shared_ptr<Run> run, Milliseconds first_after) {
  auto next = net::now() + first_after;
  while (!run->stopped) {
    run->timer.expires_at(next);
    co_await run->timer.async_wait(net::as_result);
    if (run->stopped) co_return;
    const auto& check = run->target.check;
    next = net::now() + jittered(check.interval, check.jitter, run->random());
    const CheckResult result = co_await probe(run);
    if (!run->stopped) run->report(result);
  }
}

net::Task<CheckResult> RepeatingCheck::probe(std::shared_ptr<Run> run) {
  const auto& [endpoint, host_field, check] = run->target;
  auto& stream = run->stream.emplace(run->timer.get_executor());
  stream.expires_after(check.timeout);
  const auto [error] = co_await stream.async_connect(endpoint, net::as_result);
  CheckResult result{true, "connected"};
  if (error) {
    result = failed("connect", error, check);
  } else if (check.kind == HealthCheck::Kind::http) {
    result = co_await ask(run);
  }
  run->stream.reset();
  co_return result;
}

net::Task<CheckResult> RepeatingCheck::ask(std::shared_ptr<Run> run) {
  const auto request = request_to(run->target);
  const auto [send_error, sent] = co_await http::async_write(*run->stream, request, net::as_result);
  if (send_error) co_return failed("send", send_error, run->target.check);
  http::response_parser<http::string_body> response;
  response.header_limit(head_limit);
  response.body_limit(body_limit);
  boost::beast::flat_buffer buffer(buffer_limit);
  const auto [error, received] =
      co_await http::async_read(*run->stream, buffer, response, net::as_result);
  if (error) co_return failed("response", error, run->target.check);
  co_return judged(response.get().result_int(), run->target.check);
}

}  // namespace weir::upstream
