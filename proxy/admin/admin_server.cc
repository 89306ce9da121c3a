#include "admin/admin_server.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>

#include "net/clock.h"
#include "net/listener.h"

namespace weir::admin {
namespace {

using boost::asio::ip::tcp;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr std::chrono::milliseconds breath{100};

// Without SO_REUSEPORT: a second process on the same port is a mistake here, since an
// action would reach one of the two at random.
tcp::acceptor open_port(boost::asio::io_context& control, const ListenAddress& address) {
  const auto endpoint = net::endpoint_of(address.address, address.port);
  try {
    return {control, endpoint, true};
  } catch (const boost::system::system_error& error) {
    throw boost::system::system_error(error.code(), "admin.listen: cannot listen on " +
                                                        address.address.text() + " port " +
                                                        std::to_string(address.port));
  }
}

}  // namespace

AdminServer::AdminServer(boost::asio::io_context& control, rollout_loop::RolloutLoop& loop,
                         const AdminPlan& plan, Health ready, MetricsSource source)
    : control_(control),
      acceptor_(open_port(control, plan.listen)),
      port_(acceptor_.local_endpoint().port()),
      pause_(control),
      access_(plan, net::now()),
      page_(loop, std::move(source), [this] { return counts(); }),
      api_(loop, access_, page_, std::move(ready)),
      reception_{api_, loop.events(), plan.limits} {}

boost::asio::awaitable<void> AdminServer::run() {
  while (acceptor_.is_open()) co_await accept();
  while (!connections_.empty()) {
    pause_.expires_at(boost::asio::steady_timer::time_point::max());
    co_await pause_.async_wait(as_result);
  }
}

boost::asio::awaitable<void> AdminServer::accept() {
  auto [failure, socket] = co_await acceptor_.async_accept(as_result);
  if (!failure) {
    take(std::move(socket));
  } else if (failure != boost::asio::error::operation_aborted) {
    pause_.expires_after(breath);  // out of descriptors: do not spin
    co_await pause_.async_wait(as_result);
  }
}

void AdminServer::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (auto& connection : connections_) connection.close();
}

void AdminServer::reconfigure(const AdminPlan& plan) {
  access_.reconfigure(plan, net::now());
  reception_.limits = plan.limits;
}

void AdminServer::take(tcp::socket socket) {
  if (connections_.size() >= reception_.limits.connections) {
    ++connections_refused_;
    return;
  }
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  connections_.emplace_front(std::move(socket), reception_);
  const auto connection = connections_.begin();
  boost::asio::co_spawn(
      control_, connection->serve(),
      [this, connection](const std::exception_ptr& failure) { ended(connection, failure); });
}

void AdminServer::ended(std::list<Connection>::iterator connection,
                        const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    spdlog::error("admin: a connection failed: {}", error.what());
  }
  connections_.erase(connection);
  if (connections_.empty()) pause_.cancel();
}

AdminCounts AdminServer::counts() const {
  return {connections_.size(),
          reception_.streams,
          api_.requests_refused(),
          {{"admin.limits.connections", connections_refused_},
           {"admin.limits.head_bytes", reception_.heads_refused},
           {"admin.limits.body_bytes", reception_.bodies_refused},
           {"admin.limits.event_streams", reception_.streams_refused},
           {"admin.limits.event_queue", reception_.streams_overrun}}};
}

}  // namespace weir::admin
