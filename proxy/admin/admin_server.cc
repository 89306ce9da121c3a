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
      reception_{api_, loop.events(), plan.limits},
      probe_reception_{api_, loop.events(), plan.limits, true},
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

void AdminServer::reconfigure(const AdminPlan& plan) {
  access_.reconfigure(plan, net::now());
  reception_.limits = probe_reception_.limits = plan.limits;
}

AdminCounts AdminServer::counts() const {
  const auto* health = health_port_ ? &*health_port_ : nullptr;
  const auto over = [&](std::uint64_t Reception::*count) {
    return reception_.*count + probe_reception_.*count;
  };
  return {port_.connections() + (health != nullptr ? health->connections() : 0),
          reception_.streams,
          api_.requests_refused(),
          {{"admin.limits.connections",
            port_.connections_refused() + (health != nullptr ? health->connections_refused() : 0)},
           {"admin.limits.head_bytes", over(&Reception::heads_refused)},
           {"admin.limits.body_bytes", over(&Reception::bodies_refused)},
           {"admin.limits.event_streams", over(&Reception::streams_refused)},
           {"admin.limits.event_queue", over(&Reception::streams_overrun)}}};
}

}  // namespace weir::admin
