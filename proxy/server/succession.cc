#include "server/succession.h"

#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "rollout_loop/file_store.h"

namespace weir::server {
namespace {

namespace json = boost::json;

json::object told(const OfferedListener& listener, bool more_of_it) {
  const auto use = net::name_of(listener.use);
  return {{"use", json::string_view(use.data(), use.size())},
          {"address", listener.asked.address.text()},
          {"port", listener.asked.port},
          {"lent", listener.lent},
          {"more_of_it", more_of_it}};
}

/// A file without a name that holds the text; empty where there is no memory for it.
net::Descriptor file_of(const std::string& text) {
  net::Descriptor file(::memfd_create("weir-state", MFD_CLOEXEC));
  const auto written = ::pwrite(file.get(), text.data(), text.size(), 0);
  if (written != static_cast<ssize_t>(text.size())) file.reset();
  return file;
}

std::vector<bool> read_taken(const json::object& said) {
  std::vector<bool> taken;
  const auto* list = said.if_contains("taken");
  if (list == nullptr || !list->is_array()) return taken;
  for (const auto& each : list->as_array()) taken.push_back(each.is_bool() && each.as_bool());
  return taken;
}

}  // namespace

Succession::Succession(boost::asio::io_context& control, const TakeOverPlan& plan, Estate estate)
    : control_(control),
      limit_(plan.timeout),
      estate_(std::move(estate)),
      listener_(control, plan.socket) {}

boost::asio::awaitable<void> Succession::run() {
  for (;;) {
    auto socket = co_await listener_.accept();
    if (!socket) co_return;
    talk_.emplace(control_, std::move(socket));
    if (!talk_->trusted()) {
      spdlog::warn("take-over: refused to a process of another user");
      talk_->close();
      continue;
    }
    const bool replaced = co_await hand_over();
    talk_->close();
    if (replaced) co_return listener_.abandon();
    ++failed_;
    spdlog::warn("take-over: the new process did not come to serve; this one goes on");
  }
}

void Succession::stop() {
  listener_.close();
  if (talk_) talk_->close();
}

boost::asio::awaitable<bool> Succession::hand_over() {
  constexpr int preparing = 3;  // names to look up and pools to check beside the rest
  const auto asked = co_await talk_->hear(limit_);
  if (!asked || asked->word != word::listeners || !offer_listeners()) co_return false;
  const auto generation = estate_.generation();
  const auto ready = co_await talk_->hear(limit_ * preparing);
  if (!ready || ready->word != word::take) co_return false;
  if (generation != estate_.generation()) {
    talk_->say(word::refused, {{"why", "a reload changed the listeners meanwhile: try again"}});
    co_return false;
  }
  paused_ = true;
  const bool replaced = co_await give_up();
  paused_ = false;
  if (!replaced) estate_.resume();
  co_return replaced;
}

boost::asio::awaitable<bool> Succession::give_up() {
  if (!give_state()) co_return false;
  const auto serving = co_await talk_->hear(limit_);
  if (!serving || serving->word != word::serving || !talk_->say(word::leaving)) co_return false;
  estate_.leave(read_taken(serving->more));
  co_return true;
}

bool Succession::offer_listeners() {
  for (const auto& listener : estate_.offer()) {
    const auto& sockets = listener.sockets;
    for (std::size_t from = 0; from < sockets.size(); from += net::descriptors_per_packet) {
      const auto to = std::min(sockets.size(), from + net::descriptors_per_packet);
      const std::vector<int> part(sockets.begin() + static_cast<std::ptrdiff_t>(from),
                                  sockets.begin() + static_cast<std::ptrdiff_t>(to));
      if (!talk_->say(word::listener, told(listener, from > 0), part)) return false;
    }
  }
  return talk_->say(word::all);
}

bool Succession::give_state() {
  const auto kept = estate_.pause();
  const auto states = file_of(rollout_loop::encode_states(kept.rollouts, kept.notices));
  if (!states) return false;
  std::vector<int> descriptors{states.get()};
  if (const int lock = estate_.state_lock(); lock >= 0) descriptors.push_back(lock);
  return talk_->say(word::yours, {}, descriptors);
}

}  // namespace weir::server
