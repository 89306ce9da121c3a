#pragma once
#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/detail/reactive_wait_op.hpp>
#include <boost/asio/detail/reactor.hpp>
#include <boost/version.hpp>
#include <memory>
#include <type_traits>
#include <utility>

#include "net/task.h"

namespace weir::net {

// `EdgeWait` goes below what Asio documents.
static_assert(BOOST_VERSION / 100 == 1081,
              "compare EdgeWait with this release's detail/reactive_wait_op.hpp, and what "
              "epoll_reactor makes of `done_and_exhausted` and of `allow_speculative`");

/// What `async_wait` begins, but for one answer: what ended this wait does not end the next.
template <class Handler>
class EdgeWait : public boost::asio::detail::reactor_op {
 public:
  BOOST_ASIO_DEFINE_HANDLER_PTR(EdgeWait);

  EdgeWait(Handler& handler, const Executor& executor)
      : reactor_op({}, &EdgeWait::perform, &EdgeWait::complete),
        handler_(std::move(handler)),
        work_(handler_, executor) {}

 private:
  using Work = boost::asio::detail::handler_work<Handler, Executor>;

  static status perform(reactor_op*) { return done_and_exhausted; }
  static void complete(void* owner, boost::asio::detail::operation* base, const error_code&,
                       std::size_t) {
    auto* wait = static_cast<EdgeWait*>(base);
    ptr memory = {std::addressof(wait->handler_), wait, wait};
    Work work(std::move(wait->work_));
    boost::asio::detail::binder1<Handler, error_code> call(wait->handler_, wait->ec_);
    memory.h = std::addressof(call.handler_);
    memory.reset();  // before the call, which may end what the memory came from
    if (owner != nullptr) work.complete(call, call.handler_);
  }

  Handler handler_;
  Work work_;
};

/// A TCP connection of a worker. To be read by `receive_at_once` and its like only: Asio's own
/// reads take it for empty after an `async_look`.
class Socket : public boost::asio::basic_stream_socket<Tcp, Executor> {
 public:
  using basic_stream_socket::basic_stream_socket;
  Socket(basic_stream_socket accepted) noexcept : basic_stream_socket(std::move(accepted)) {}

  /// Until a read is worth a try, or, for `wait_write`, a write. `is_empty`: the last read said
  /// `would_block`, or there was none yet. What comes then is an edge, which epoll tells by itself:
  /// `async_wait` arms the descriptor anew each time, by a system call of 0.6 µs. May end once
  /// without cause.
  auto async_look(wait_type what, bool is_empty, const AsResult& token) {
    return boost::asio::async_initiate<const AsResult&, void(error_code)>(Look{}, token, this, what,
                                                                          is_empty);
  }

 private:
  struct Look {
    template <class Handler>
    void operator()(Handler&& handler, Socket* socket, wait_type what, bool is_empty) const {
      std::decay_t<Handler> own(std::forward<Handler>(handler));
      if (what == wait_read) return socket->wait_to_read(own, is_empty);
      socket->async_wait(what, std::move(own));
    }
  };

  template <class Handler>
  void wait_to_read(Handler& handler, bool is_empty) {
    using Wait = EdgeWait<Handler>;
    using Reactor = boost::asio::detail::reactor;
    constexpr bool continues = true;
    const auto executor = get_executor();
    auto& reactor = boost::asio::use_service<Reactor>(executor.context());
    auto& mine = impl_.get_implementation();
    typename Wait::ptr memory = {std::addressof(handler), Wait::ptr::allocate(handler), nullptr};
    memory.p = new (memory.v) Wait(handler, executor);
    reactor.start_op(Reactor::read_op, mine.socket_, mine.reactor_data_, memory.p, continues,
                     is_empty);
    memory.v = memory.p = nullptr;
  }
};

}  // namespace weir::net
