#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/descriptor.h"

namespace weir::net {

/// What is said at once, and descriptors with it.
struct Packet {
  std::string text;
  std::vector<Descriptor> descriptors;
};

/// Descriptors that fit into one packet; the kernel takes 253.
inline constexpr std::size_t descriptors_per_packet = 250;

/// One end of a connection on this machine that carries packets (unix(7), SOCK_SEQPACKET).
/// Control thread only.
class LocalChannel {
 public:
  LocalChannel(boost::asio::io_context& control, Descriptor socket);

  /// Whether the other end runs as this user or as root (SO_PEERCRED).
  bool trusted() noexcept;
  /// False: the other end is gone or does not read.
  bool send(const std::string& text, const std::vector<int>& descriptors = {}) noexcept;
  /// Nothing: the other end is gone, `close` was called, or the packet was cut short.
  boost::asio::awaitable<std::optional<Packet>> receive();
  void close() noexcept;

 private:
  boost::asio::posix::stream_descriptor socket_;
};

/// Connects. Throws `std::runtime_error` naming the path.
Descriptor connect_locally(const std::string& path);

/// Throws `std::runtime_error` where a process listens at the path: a start is no take-over.
void refuse_if_served(const std::string& path);

/// Listens at a path, mode 0600. Takes the place of whatever was there in one step, so that
/// the path always leads somewhere.
class LocalListener {
 public:
  /// Throws `std::runtime_error` naming the path.
  LocalListener(boost::asio::io_context& control, std::string path);
  ~LocalListener();
  LocalListener(const LocalListener&) = delete;
  LocalListener& operator=(const LocalListener&) = delete;

  /// The next connection; empty once closed.
  boost::asio::awaitable<Descriptor> accept();
  /// Removes the path too, where it still leads here.
  void close() noexcept;
  /// Leaves the path to another process.
  void abandon() noexcept;

 private:
  const std::string path_;
  std::uint64_t inode_ = 0;
  boost::asio::posix::stream_descriptor socket_;
};

}  // namespace weir::net
