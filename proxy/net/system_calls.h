#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace weir::net {

/// recv(2) and send(2) of a non-blocking socket, straight to the kernel. The C library's own are
/// cancellation points, which in a process of several threads cost 30 ns each, and Weir cancels
/// no thread. Bytes moved, or 0 and why not: `would_block`, `eof`, the system's.
std::size_t receive_at_once(int socket, boost::asio::mutable_buffer into, int flags,
                            boost::system::error_code& error) noexcept;
std::size_t send_at_once(int socket, boost::asio::const_buffer bytes,
                         boost::system::error_code& error) noexcept;

}  // namespace weir::net
