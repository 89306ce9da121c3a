#include "server/opening.h"

#include <stdexcept>

#include "admin/port.h"
#include "net/socket_activation.h"

namespace weir::server {

using boost::asio::ip::tcp;

boost::asio::awaitable<void> Opening::open(boost::asio::io_context& control, const Plan& plan,
                                           Predecessor* predecessor, Listeners& listeners) {
  if (predecessor != nullptr) co_await predecessor->fetch_listeners(inherited_);
  const auto fetched = inherited_.claimed().size();
  for (auto& listener : net::sockets_of_systemd()) inherited_.add(std::move(listener));
  listeners.prepare(plan.listen, inherited_);
  admin_.emplace(port_for(control, net::PortUse::admin, plan.admin.listen, "admin.listen"));
  if (plan.health.listen) {
    health_.emplace(port_for(control, net::PortUse::health, *plan.health.listen, "health.listen"));
  }
  if (const auto lost = inherited_.lent_in_vain(); !lost.empty()) {
    throw std::runtime_error("LISTEN_FDS: nothing in the configuration listens on " + lost.front());
  }
  taken_over_ = inherited_.claimed();
  taken_over_.resize(fetched);
  inherited_.drop_rest();
}

tcp::acceptor Opening::port_for(boost::asio::io_context& control, net::PortUse use,
                                const ListenAddress& address, std::string_view key) {
  auto claimed = inherited_.claim(use, address);
  if (!claimed) return admin::Port::open(control, address, key);
  return admin::Port::take_over(control, std::move(claimed->sockets.front()));
}

}  // namespace weir::server
