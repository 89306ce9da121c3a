#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/instant.h"
#include "net/local_channel.h"

namespace weir::server {

/// The process that is to be replaced cannot be reached, does not want to be, or is gone.
struct TakeOverError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a new process (N) and the old one (O) say to each other, each a packet of JSON:
///
///     N listeners          O a `listener` for each address with its sockets, then `all`
///     N prepares everything, serves nobody
///     N take               O stops deciding and saving, answers `yours` with the rollouts (a
///                            file in memory) and the lock of the state file
///     N accepts clients
///     N serving: [taken]   O answers `leaving`, closes its copies of the sockets and drains
///
/// `leaving` is the one moment in which everything changes hands. Whatever goes wrong before,
/// the new process ends and the old one goes on; the old one never goes on after it, and the
/// new one decides and saves nothing before it.
namespace word {
inline constexpr std::string_view listeners = "listeners", listener = "listener", all = "all",
                                  take = "take", yours = "yours", serving = "serving",
                                  leaving = "leaving", refused = "refused";
}

/// One end of that talk.
class TakeOverTalk {
 public:
  struct Said {
    std::string word;
    boost::json::object more;
    std::vector<net::Descriptor> descriptors;
  };

  TakeOverTalk(boost::asio::io_context& control, net::Descriptor socket)
      : control_(control),
        channel_(std::make_shared<net::LocalChannel>(control, std::move(socket))) {}

  bool trusted() noexcept { return channel_->trusted(); }
  /// False: the other end is gone.
  bool say(std::string_view word, boost::json::object more = {},
           const std::vector<int>& descriptors = {});
  /// Nothing: the other end is gone, talks nonsense, or says nothing for that long.
  boost::asio::awaitable<std::optional<Said>> hear(Milliseconds limit);
  void close() noexcept { channel_->close(); }

 private:
  boost::asio::io_context& control_;
  std::shared_ptr<net::LocalChannel> channel_;  ///< also of a limit that just ran out
};

}  // namespace weir::server
