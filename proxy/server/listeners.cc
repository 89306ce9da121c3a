#include "server/listeners.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace weir::server {
namespace {

/// Null where nothing is asked: plain HTTP then costs what it always did.
forwarding::EntrancePtr entrance_of(const ListenerPlan& plan,
                                    const std::shared_ptr<const net::TlsServer>& tls) {
  if (!tls && plan.proxy_protocol_from.empty() && !plan.redirect_to_https) return nullptr;
  return std::make_shared<const forwarding::Entrance>(
      forwarding::Entrance{plan.proxy_protocol_from, tls, plan.redirect_to_https});
}

}  // namespace

Listeners::Listener Listeners::without_gates(const ListenAddress& asked) {
  Listener listener{asked, asked.port};
  for (auto& lane : lanes_) {
    listener.doors.push_back(std::make_unique<forwarding::Door>(lane->forwarding, nullptr));
  }
  return listener;
}

void Listeners::add_gate(Listener& listener, std::size_t lane, net::Descriptor inherited) {
  auto& worker = lanes_[lane]->worker;
  const ListenAddress bound{listener.asked.address, listener.port};
  auto acceptor = inherited ? net::Acceptor(worker.executor()) : net::bind_to(worker, bound);
  if (!inherited) listener.port = acceptor.local_endpoint().port();
  const bool shared = static_cast<bool>(inherited);
  listener.gates.push_back(
      std::make_unique<Gate>(Gate{lane, std::move(acceptor), std::move(inherited), shared}));
}

Listeners::Listener Listeners::open(const ListenAddress& asked) {
  auto listener = without_gates(asked);
  for (std::size_t i = 0; i < lanes_.size(); ++i) add_gate(listener, i, {});
  return listener;
}

/// The kernel spreads clients over all sockets of one address (SO_REUSEPORT), so each that
/// was inherited has a worker here, and a worker without one opens its own. A socket that
/// systemd lent is the only one of its address: all workers accept from it.
Listeners::Listener Listeners::take_over(const ListenAddress& asked,
                                         net::InheritedListener inherited) {
  auto listener = without_gates(asked);
  auto& sockets = inherited.sockets;
  listener.lent = inherited.lent;
  listener.port = net::listening_address(sockets.front().get()).value_or(asked).port;
  if (inherited.lent) {
    for (std::size_t i = sockets.size(); i < lanes_.size(); ++i) {
      sockets.push_back(sockets[i % sockets.size()].duplicate());
      if (!sockets.back()) throw std::runtime_error("out of descriptors for a listener");
    }
  }
  for (std::size_t i = 0; i < std::max(sockets.size(), lanes_.size()); ++i) {
    add_gate(listener, i % lanes_.size(),
             i < sockets.size() ? std::move(sockets[i]) : net::Descriptor());
  }
  return listener;
}

void Listeners::prepare(const std::vector<ListenerPlan>& listeners, net::Inheritance& inherited) {
  for (const auto& plan : listeners) {
    auto claimed = inherited.claim(net::PortUse::clients, plan.at);
    listeners_.push_back(claimed ? take_over(plan.at, *std::move(claimed)) : open(plan.at));
  }
  ++generation_;
}

void Listeners::begin_listening(Listener& listener) {
  for (auto& gate : listener.gates) {
    if (!gate->inherited) {
      net::begin_listening(gate->acceptor, {listener.asked.address, listener.port});
    }
  }
}

void Listeners::start_accepting(Listener& listener) {
  listener.accepting = true;
  for (auto& gate : listener.gates) {
    if (gate->inherited) net::assign(gate->acceptor, std::move(gate->inherited));
    ++open_gates_;
    boost::asio::co_spawn(lanes_[gate->lane]->worker.executor(),
                          net::accept_loop(gate->acceptor, *listener.doors[gate->lane]),
                          boost::asio::detached);
  }
}

/// Before `start_accepting`, so that nobody comes in by rules that are not there yet.
void Listeners::change_doors(Listener& listener, const forwarding::EntrancePtr& entrance) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    boost::asio::post(lanes_[i]->worker.context(),
                      [door = listener.doors[i].get(), entrance] { door->change(entrance); });
  }
}

void Listeners::listen(const std::vector<ListenerPlan>& listeners,
                       const std::vector<std::shared_ptr<const net::TlsServer>>& tls) {
  std::vector<Listener> fresh;
  const auto kept = match_open(listeners);
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (!kept[i]) fresh.push_back(open(listeners[i].at));
  }
  for (auto& listener : fresh) begin_listening(listener);
  for (auto& listener : listeners_) {
    if (!listener.accepting) begin_listening(listener);
  }
  std::vector<Listener> next;
  auto opened = fresh.begin();
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    next.push_back(std::move(kept[i] ? listeners_[*kept[i]] : *opened++));
    change_doors(next.back(), entrance_of(listeners[i], tls[i]));
    if (!next.back().accepting) start_accepting(next.back());
  }
  const bool changed = !fresh.empty() || next.size() != listeners_.size();
  for (auto& listener : listeners_) {
    if (!listener.gates.empty()) close(std::move(listener), false);  // the others have moved on
  }
  listeners_ = std::move(next);
  generation_ += changed ? 1 : 0;
}

/// For each the open listener that goes on as it. Port 0 may be asked for more than once.
std::vector<std::optional<std::size_t>> Listeners::match_open(
    const std::vector<ListenerPlan>& listeners) const {
  std::vector<std::optional<std::size_t>> kept(listeners.size());
  std::vector<bool> taken(listeners_.size(), false);
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    for (std::size_t j = 0; j < listeners_.size() && !kept[i]; ++j) {
      if (!taken[j] && listeners_[j].asked == listeners[i].at) kept[i] = j;
    }
    if (kept[i]) taken[*kept[i]] = true;
  }
  return kept;
}

std::vector<std::uint16_t> Listeners::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& listener : listeners_) ports.push_back(listener.port);
  return ports;
}

void Listeners::own_inherited() {
  for (auto& listener : listeners_) {
    for (auto& gate : listener.gates) gate->shared = listener.lent;
  }
}

std::vector<OfferedListener> Listeners::offer() const {
  std::vector<OfferedListener> offered;
  for (const auto& listener : listeners_) {
    OfferedListener offer{net::PortUse::clients, listener.asked, listener.lent, {}};
    for (const auto& gate : listener.gates) {
      if (listener.lent && !offer.sockets.empty()) break;  // one socket, many times
      offer.sockets.push_back(gate->acceptor.native_handle());
    }
    offered.push_back(std::move(offer));
  }
  return offered;
}

net::Task<> Listeners::close_gate(Gate& gate, forwarding::Door& door,
                                  std::atomic<int>& open_gates) {
  if (gate.shared) {
    net::let_go(gate.acceptor);
  } else {
    co_await net::serve_out(gate.acceptor, door);
  }
  const auto executor = gate.acceptor.get_executor();
  co_await boost::asio::post(executor, net::as_result);  // behind those who came in last
  --open_gates;
}

void Listeners::close(Listener listener, bool taken) {
  for (auto& gate : listener.gates) {
    gate->shared = gate->shared || taken;
    if (!listener.accepting) continue;
    boost::asio::co_spawn(lanes_[gate->lane]->worker.executor(),
                          close_gate(*gate, *listener.doors[gate->lane], open_gates_),
                          boost::asio::detached);
  }
  closed_.push_back(std::move(listener));
}

void Listeners::stop(const std::vector<bool>& taken) {
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    close(std::move(listeners_[i]), i < taken.size() && taken[i]);
  }
  listeners_.clear();
}

}  // namespace weir::server
