#include "upstream/http_call.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <optional>
#include <utility>

#include "net/listener.h"
#include "net/send.h"
#include "net/stream.h"
#include "upstream/discovery.h"
#include "upstream/whole_response.h"

namespace weir::upstream {
namespace {

/// Shared by the one who waits and the work, which may outlive the wait in a look-up.
struct Run {
  Run(const net::Executor& of, HttpCall what) : call(std::move(what)), executor(of), timer(of) {}

  const HttpCall call;
  const net::Executor executor;
  net::Timer timer;                   ///< of the limit; cancelled by the work when it is done
  std::optional<net::Stream> stream;  ///< the connection under way
  std::optional<HttpOutcome> outcome;
  bool given_up = false;
};

using RunPtr = std::shared_ptr<Run>;

HttpOutcome failed(std::string why) { return {0, {}, std::move(why)}; }

/// With its port where that is not the scheme's own (RFC 9110 §7.2).
std::string host_field(const HttpTarget& target) {
  const auto& [host, port] = target.at;
  const bool v6 = host.find(':') != std::string::npos;
  const auto name = v6 ? '[' + host + ']' : host;
  return port == (target.secured ? 443 : 80) ? name : name + ':' + std::to_string(port);
}

std::string head_of(const HttpCall& call) {
  return "POST " + call.target.path + " HTTP/1.1\r\nHost: " + host_field(call.target) +
         "\r\nContent-Length: " + std::to_string(call.body.size()) + "\r\nConnection: close\r\n" +
         call.fields + "\r\n";
}

net::Task<Resolution> addresses_of(std::string host) {
  if (const auto literal = IpAddress::parse(host)) co_return Resolution{{}, {*literal}};
  co_return co_await look_up(std::move(host));
}

/// One address after the other. Empty: connected.
net::Task<std::string> connect(RunPtr run) {
  const auto [unknown, addresses] = co_await addresses_of(run->call.target.at.host);
  if (unknown) co_return "look-up: " + unknown.message();
  net::error_code last = boost::asio::error::host_not_found;
  for (const auto& address : addresses) {
    if (run->given_up) break;
    run->stream.emplace(net::Socket(run->executor));
    const auto endpoint = net::endpoint_of(address, run->call.target.at.port);
    const auto [error] = co_await run->stream->socket().async_connect(endpoint, net::as_result);
    if (!error) co_return std::string();
    last = error;
  }
  co_return failure_text("connect", last);
}

/// Empty: nobody listens in.
net::Task<std::string> secure(RunPtr run) {
  const auto& call = run->call;
  if (!call.tls) co_return "TLS: its files cannot be read";
  net::error_code ignored;
  run->stream->socket().non_blocking(true, ignored);
  const auto refused =
      co_await run->stream->handshake(call.tls->open(call.target.at.host, nullptr));
  if (!refused) co_return std::string();
  const auto& text = run->stream->tls()->failure_text();
  co_return text.empty() ? failure_text("TLS", refused) : "TLS: " + text;
}

net::Task<HttpOutcome> converse(RunPtr run) {
  const auto head = head_of(run->call);
  net::Gather gather;
  gather.add(head);
  gather.add(run->call.body);
  const auto unsent = co_await net::send_rest(*run->stream, gather);
  if (unsent) co_return failed(failure_text("send", unsent));
  WholeResponse response;
  const auto error = co_await receive_whole(*run->stream, response);
  if (error) co_return failed(failure_text("response", error));
  co_return HttpOutcome{response.get().result_int(), std::move(response.get().body()), {}};
}

net::Task<HttpOutcome> exchange(RunPtr run) {
  auto problem = co_await connect(run);
  if (problem.empty() && run->call.target.secured) problem = co_await secure(run);
  if (!problem.empty()) co_return failed(std::move(problem));
  co_return co_await converse(run);
}

net::Task<> work(RunPtr run) {
  run->outcome = co_await exchange(run);
  run->timer.cancel();
}

}  // namespace

net::Task<HttpOutcome> post(HttpCall call) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto run = std::make_shared<Run>(executor, std::move(call));
  run->timer.expires_after(run->call.limit);
  boost::asio::co_spawn(executor, work(run), boost::asio::detached);
  if (!run->outcome) co_await run->timer.async_wait(net::as_result);
  if (run->outcome) co_return *std::move(run->outcome);
  run->given_up = true;
  net::error_code ignored;
  if (run->stream) run->stream->close(ignored);
  co_return failed("timed out after " + std::to_string(run->call.limit.count()) + " ms");
}

}  // namespace weir::upstream
