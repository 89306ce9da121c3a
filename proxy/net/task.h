#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>

namespace weir::net {

using boost::system::error_code;

/// The concrete executor of every worker: no type erasure on the hot path.
using Executor = boost::asio::io_context::executor_type;

/// A coroutine of a worker. Named functions with arguments by value only: a
/// capturing coroutine lambda outlives its captures.
template <class T = void>
using Task = boost::asio::awaitable<T, Executor>;

using Tcp = boost::asio::ip::tcp;
using Acceptor = boost::asio::basic_socket_acceptor<Tcp, Executor>;

using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Awaits and answers `(error_code, …)` as a tuple instead of throwing. Deferred: an operation
/// that is awaited where it is begun needs no coroutine of its own.
using AsResult = boost::asio::as_tuple_t<boost::asio::deferred_t>;
inline constexpr AsResult as_result{boost::asio::deferred};

}  // namespace weir::net
