#include "admin/admin_server.h"

#include <utility>

#include "net/clock.h"

namespace weir::admin {

using boost::asio::ip::tcp;

AdminServer::AdminServer(boost::asio::io_context& control, rollout_loop::RolloutLoop& loop,
                         const AdminPlan& plan, Health ready, MetricsSource source)
    : AdminServer(control, Port::open(control, plan.listen, "admin.listen"), std::nullopt, loop,
                  plan, std::move(ready), std::move(source)) {}

AdminServer::AdminServer(boost::asio::io_context& control, tcp::acceptor admin,
                         std::optional<tcp::acceptor> health, rollout_loop::RolloutLoop& loop,
                         const AdminPlan& plan, Health ready, MetricsSource source)
    : access_(plan, net::now()),
      page_(loop, std::move(source), [this] { return counts(); }),
      api_(loop, access_, page_, std::move(ready)),
      reception_{api_, loop.events()},
      probe_reception_{api_, loop.events(), true},
      port_(control, std::move(admin), reception_) {
  if (health) health_port_.emplace(control, *std::move(health), probe_reception_);
}

void AdminServer::leave() {
  port_.leave();
  if (health_port_) health_port_->leave();
}

void AdminServer::stop() {
  port_.stop();
  if (health_port_) health_port_->stop();
}

void AdminServer::reconfigure(const AdminPlan& plan) { access_.reconfigure(plan, net::now()); }

AdminCounts AdminServer::counts() const noexcept {
  AdminCounts counts{port_.connections(), port_.connections_refused(), api_.requests_refused()};
  if (health_port_) {
    counts.connections_active += health_port_->connections();
    counts.connections_refused += health_port_->connections_refused();
  }
  return counts;
}

}  // namespace weir::admin
