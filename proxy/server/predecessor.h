#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/instant.h"
#include "net/inheritance.h"
#include "rollout_loop/state_store.h"
#include "server/take_over.h"

namespace weir::server {

/// The process this one replaces, as `weir run --take-over` sees it. Control thread only;
/// everything throws `TakeOverError`.
class Predecessor {
 public:
  /// What it leaves besides its listeners.
  struct Estate {
    std::optional<rollout_loop::Kept> kept;
    net::Descriptor state_lock;  ///< empty: it has none
  };

  /// `limit`: for each of its answers.
  Predecessor(boost::asio::io_context& control, const std::string& path, Milliseconds limit);

  /// The sockets it accepts from; it goes on doing so.
  boost::asio::awaitable<void> fetch_listeners(net::Inheritance& into);
  /// From now on it decides and saves nothing, until this process has failed.
  boost::asio::awaitable<Estate> take();
  /// This process accepts now. `taken`: by index of what was fetched. False: the other one
  /// goes on, and this one must not.
  boost::asio::awaitable<bool> replace(std::vector<bool> taken);

 private:
  boost::asio::awaitable<TakeOverTalk::Said> answer();

  const std::string path_;
  const Milliseconds limit_;
  std::optional<TakeOverTalk> talk_;
};

}  // namespace weir::server
