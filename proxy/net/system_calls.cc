#include "net/system_calls.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <cerrno>

namespace weir::net {
namespace {

/// The same call again where a signal came between.
long call(long number, int socket, void* bytes, std::size_t size, int flags) noexcept {
  for (;;) {
    const long result = ::syscall(number, socket, bytes, size, flags, nullptr, nullptr);
    if (result >= 0 || errno != EINTR) return result;
  }
}

std::size_t moved(long result, boost::system::error_code& error) noexcept {
  error.clear();
  if (result < 0) error.assign(errno, boost::system::system_category());
  return result > 0 ? static_cast<std::size_t>(result) : 0;
}

}  // namespace

std::size_t receive_at_once(int socket, boost::asio::mutable_buffer into, int flags,
                            boost::system::error_code& error) noexcept {
  const long result = call(SYS_recvfrom, socket, into.data(), into.size(), flags);
  const auto count = moved(result, error);
  if (result == 0) error = boost::asio::error::eof;
  return count;
}

std::size_t send_at_once(int socket, boost::asio::const_buffer bytes,
                         boost::system::error_code& error) noexcept {
  auto* data = const_cast<void*>(bytes.data());
  return moved(call(SYS_sendto, socket, data, bytes.size(), MSG_NOSIGNAL), error);
}

}  // namespace weir::net
