#include "net/local_channel.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "net/task.h"

namespace weir::net {
namespace {

constexpr auto wait_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr auto readable = boost::asio::posix::stream_descriptor::wait_read;
constexpr std::size_t most_packet_bytes = 64 * 1024;

std::runtime_error problem_with(const std::string& path) {
  return std::runtime_error(path + ": " + std::strerror(errno));
}

Descriptor new_socket() {
  return Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw std::runtime_error(path + ": too long for a socket");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* pointer_to(const sockaddr_un& address) noexcept {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// Of a path; 0 where there is nothing.
std::uint64_t inode_of(const std::string& path) noexcept {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

/// Space for the descriptors of one packet.
union Ancillary {
  cmsghdr aligned;
  std::array<char, CMSG_SPACE(sizeof(int) * descriptors_per_packet)> bytes;
};

std::vector<Descriptor> descriptors_in(msghdr& message) {
  std::vector<Descriptor> found;
  for (auto* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int handle = -1;
      std::memcpy(&handle, CMSG_DATA(part) + i * sizeof handle, sizeof handle);
      found.emplace_back(handle);
    }
  }
  return found;
}

void put_descriptors(msghdr& message, Ancillary& space, const std::vector<int>& descriptors) {
  const auto size = descriptors.size() * sizeof(int);
  message.msg_control = space.bytes.data();
  message.msg_controllen = CMSG_SPACE(size);
  auto* part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(size);
  std::memcpy(CMSG_DATA(part), descriptors.data(), size);
}

std::optional<Packet> receive_now(int socket) {
  Packet packet{std::string(most_packet_bytes, '\0'), {}};
  Ancillary space{};
  iovec piece{packet.text.data(), packet.text.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = space.bytes.data();
  message.msg_controllen = space.bytes.size();
  const auto size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (size <= 0) return std::nullopt;
  packet.text.resize(static_cast<std::size_t>(size));
  packet.descriptors = descriptors_in(message);
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return std::nullopt;
  return packet;
}

/// Nobody can connect before `listen`, and by then the mode is right.
Descriptor listen_at(const std::string& path) {
  const auto fresh = path + ".new";
  const auto address = address_of(fresh);
  auto socket = new_socket();
  ::unlink(fresh.c_str());
  if (::bind(socket.get(), pointer_to(address), sizeof address) != 0 ||
      ::chmod(fresh.c_str(), 0600) != 0 || ::listen(socket.get(), 4) != 0 ||
      ::rename(fresh.c_str(), path.c_str()) != 0) {
    throw problem_with(path);
  }
  return socket;
}

}  // namespace

LocalChannel::LocalChannel(boost::asio::io_context& control, Descriptor socket)
    : socket_(control, socket.release()) {}

bool LocalChannel::trusted() noexcept {
  ucred other{};
  socklen_t size = sizeof other;
  if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_PEERCRED, &other, &size) != 0) {
    return false;
  }
  return other.uid == ::geteuid() || other.uid == 0;
}

bool LocalChannel::send(const std::string& text, const std::vector<int>& descriptors) noexcept {
  Ancillary space{};
  iovec piece{const_cast<char*>(text.data()), text.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) put_descriptors(message, space, descriptors);
  return ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

boost::asio::awaitable<std::optional<Packet>> LocalChannel::receive() {
  const auto [error] = co_await socket_.async_wait(readable, wait_result);
  if (error || !socket_.is_open()) co_return std::nullopt;
  co_return receive_now(socket_.native_handle());
}

void LocalChannel::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

Descriptor connect_locally(const std::string& path) {
  const auto address = address_of(path);
  auto socket = new_socket();
  if (::connect(socket.get(), pointer_to(address), sizeof address) != 0) throw problem_with(path);
  return socket;
}

void refuse_if_served(const std::string& path) {
  const auto address = address_of(path);
  const auto socket = new_socket();
  if (::connect(socket.get(), pointer_to(address), sizeof address) != 0) return;
  throw std::runtime_error("take_over.socket: " + path +
                           " is in use by another process; --take-over replaces it");
}

LocalListener::LocalListener(boost::asio::io_context& control, std::string path)
    : path_(std::move(path)), socket_(control, listen_at(path_).release()) {
  inode_ = inode_of(path_);
}

LocalListener::~LocalListener() { close(); }

boost::asio::awaitable<Descriptor> LocalListener::accept() {
  while (socket_.is_open()) {
    const auto [error] = co_await socket_.async_wait(readable, wait_result);
    if (error || !socket_.is_open()) break;
    Descriptor taken(
        ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (taken) co_return taken;
  }
  co_return Descriptor();
}

void LocalListener::close() noexcept {
  if (socket_.is_open() && inode_of(path_) == inode_) ::unlink(path_.c_str());
  abandon();
}

void LocalListener::abandon() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace weir::net
