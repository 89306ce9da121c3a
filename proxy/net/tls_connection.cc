#include "net/tls_connection.h"

#include <openssl/err.h>

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>
#include <cerrno>
#include <utility>

namespace weir::net {
namespace {

error_code error_of_last_call() {
  const auto error = ERR_peek_error();
  if (error == 0 || ERR_SYSTEM_ERROR(error)) {
    return errno != 0 ? error_code(errno, boost::system::system_category())
                      : error_code(boost::asio::error::connection_reset);
  }
  const bool cut_off = ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  return cut_off ? error_code(boost::asio::error::connection_reset)
                 : make_error_code(boost::system::errc::protocol_error);
}

/// An error left in the queue by whoever came before would be taken for this call's. To look
/// costs a tenth of clearing a queue that is empty.
void forget_errors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();
  errno = 0;
}

}  // namespace

TlsConnection::TlsConnection(SslPtr ssl, int descriptor) noexcept : ssl_(std::move(ssl)) {
  broken_ = ssl_ == nullptr || SSL_set_fd(ssl_.get(), descriptor) != 1;
}

TlsConnection::~TlsConnection() { say_goodbye(); }

TlsConnection::Step TlsConnection::failed(const error_code& error) noexcept {
  error_ = error;
  broken_ = true;
  return Step::failed;
}

TlsConnection::Step TlsConnection::judged(int result) noexcept {
  if (result == 1) return Step::done;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Step::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Step::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      error_ = boost::asio::error::eof;  // our own direction may go on
      return Step::failed;
    default:
      if (!established_) {
        failure_ = failure_of(ssl_.get());
        failure_text_ = net::failure_text(ssl_.get());
      }
      return failed(error_of_last_call());
  }
}

TlsConnection::Step TlsConnection::handshake() noexcept {
  if (broken_) {
    failure_ = TlsFailure::other;
    return failed(boost::asio::error::bad_descriptor);
  }
  forget_errors();
  const auto step = judged(SSL_do_handshake(ssl_.get()));
  established_ = step == Step::done;
  return step;
}

TlsConnection::Step TlsConnection::read(boost::asio::mutable_buffer into,
                                        std::size_t& received) noexcept {
  received = 0;
  if (broken_) return failed(boost::asio::error::bad_descriptor);
  for (;;) {
    forget_errors();
    std::size_t got = 0;
    const auto result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
    // What came before the end or the failure counts; the next call meets it again.
    if (result != 1 && received > 0) return Step::done;
    if (result != 1) return judged(result);
    received += got;
    into += got;
    if (into.size() == 0 || SSL_pending(ssl_.get()) == 0) return Step::done;
  }
}

TlsConnection::Step TlsConnection::write(boost::asio::const_buffer from,
                                         std::size_t& sent) noexcept {
  sent = 0;
  if (broken_) return failed(boost::asio::error::bad_descriptor);
  forget_errors();
  return judged(SSL_write_ex(ssl_.get(), from.data(), from.size(), &sent));
}

bool TlsConnection::silent() noexcept {
  if (broken_) return false;
  forget_errors();
  char byte;
  std::size_t got = 0;
  return judged(SSL_peek_ex(ssl_.get(), &byte, 1, &got)) == Step::wants_read;
}

void TlsConnection::say_goodbye() noexcept {
  if (broken_ || !established_ || std::exchange(goodbye_said_, true)) return;
  forget_errors();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

SslSessionPtr TlsConnection::session() const noexcept {
  SslSessionPtr session(SSL_get1_session(ssl_.get()));
  if (session && SSL_SESSION_is_resumable(session.get()) != 1) session.reset();
  return session;
}

}  // namespace weir::net
