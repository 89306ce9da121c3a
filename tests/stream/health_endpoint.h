#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/endpoint.h"
#include "net/clock.h"
#include "net/socket.h"

namespace weir::upstream {

/// How a scripted endpoint treats a connection once it has read the request's head.
enum class Conduct { answer, answer_and_stay, drip, hang, reset };

inline const std::string ok_response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
inline const std::string unavailable_response =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

/// A real server on loopback, on the test's own io_context. What it does can change
/// between connections.
class HealthEndpoint {
 public:
  struct Script {
    Conduct conduct = Conduct::answer;
    std::string response = ok_response;
    std::vector<std::string> requests;  ///< heads read so far
  };

  explicit HealthEndpoint(boost::asio::io_context& context)
      : script_(std::make_shared<Script>()),
        acceptor_(std::make_shared<net::Acceptor>(
            context.get_executor(),
            net::Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0))),
        port_(acceptor_->local_endpoint().port()) {
    boost::asio::co_spawn(context, accept(acceptor_, script_), boost::asio::detached);
  }
  ~HealthEndpoint() { close(); }
  HealthEndpoint(const HealthEndpoint&) = delete;
  HealthEndpoint& operator=(const HealthEndpoint&) = delete;

  void close() { acceptor_->close(); }
  Script& script() { return *script_; }
  std::uint16_t port() const { return port_; }
  net::Tcp::endpoint endpoint() const { return {boost::asio::ip::address_v4::loopback(), port_}; }
  EndpointName name() const { return {"127.0.0.1", port_}; }

 private:
  static net::Task<> accept(std::shared_ptr<net::Acceptor> acceptor,
                            std::shared_ptr<Script> script) {
    while (true) {
      auto [error, socket] = co_await acceptor->async_accept(net::as_result);
      if (error) co_return;
      boost::asio::co_spawn(acceptor->get_executor(), serve(std::move(socket), script),
                            boost::asio::detached);
    }
  }

  static net::Task<> serve(net::Socket socket, std::shared_ptr<Script> script) {
    std::string head;
    const auto [error, size] = co_await boost::asio::async_read_until(
        socket, boost::asio::dynamic_buffer(head), "\r\n\r\n", net::as_result);
    if (error) co_return;
    script->requests.push_back(head);
    const auto conduct = script->conduct;
    if (conduct == Conduct::reset) {
      socket.set_option(boost::asio::socket_base::linger(true, 0));
      socket.close();  // the destructor would undo the option
      co_return;
    }
    if (conduct == Conduct::drip) co_await drip(socket, script->response);
    if (conduct == Conduct::answer || conduct == Conduct::answer_and_stay) {
      const auto response = script->response;
      co_await boost::asio::async_write(socket, boost::asio::buffer(response), net::as_result);
    }
    if (conduct == Conduct::hang || conduct == Conduct::answer_and_stay) {
      co_await until_closed_by_peer(socket);
    }
  }

  static net::Task<> drip(net::Socket& socket, std::string response) {
    boost::asio::steady_timer pause(socket.get_executor());
    for (const char byte : response) {
      const auto [error, size] =
          co_await boost::asio::async_write(socket, boost::asio::buffer(&byte, 1), net::as_result);
      if (error) co_return;
      pause.expires_after(Milliseconds(5));
      co_await pause.async_wait(net::as_result);
    }
  }

  static net::Task<> until_closed_by_peer(net::Socket& socket) {
    char byte = 0;
    co_await socket.async_read_some(boost::asio::buffer(&byte, 1), net::as_result);
  }

  std::shared_ptr<Script> script_;
  std::shared_ptr<net::Acceptor> acceptor_;
  std::uint16_t port_;
};

/// Runs the context until `reached` holds; false after five seconds without it.
template <class Reached>
bool run_until(boost::asio::io_context& context, Reached reached) {
  const auto patience = net::now() + std::chrono::seconds(5);
  while (!reached()) {
    if (context.stopped()) context.restart();
    if (context.run_one_until(patience) == 0 && !reached()) return false;
  }
  return true;
}

/// Runs the context until nothing is left to do; false where something still is after
/// five seconds.
inline bool runs_dry(boost::asio::io_context& context) {
  context.restart();
  context.run_for(std::chrono::seconds(5));
  return context.stopped();
}

}  // namespace weir::upstream
