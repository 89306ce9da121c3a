#pragma once
#include <openssl/ssl.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::net {

/// Why a TLS handshake did not end well.
enum class TlsFailure : std::uint8_t {
  none,
  timeout,
  closed,                 ///< the peer closed, or reset, in the middle
  not_tls,                ///< the peer speaks something else, such as HTTP in the clear
  version,                ///< no version both speak
  cipher,                 ///< no cipher, group or signature both know
  protocol,               ///< no application protocol both speak (RFC 7301)
  certificate_missing,    ///< the peer showed none where one is required
  certificate_untrusted,  ///< no chain to an authority that is trusted
  certificate_expired,    ///< or not valid yet
  certificate_name,       ///< good, but of somebody else
  refused,                ///< the peer sent an alert: it does not like ours
  other,
};
inline constexpr std::size_t tls_failure_count = 13;

std::string_view name_of(TlsFailure failure) noexcept;  ///< label of the metric

/// What OpenSSL says of the last failed call on `ssl`, in this thread's queue of errors.
TlsFailure failure_of(const SSL* ssl) noexcept;
/// The same in words; empty where it says nothing.
std::string failure_text(const SSL* ssl);

/// Handshakes of one side, by result. One thread writes, any reads.
class TlsCounts {
 public:
  void count(TlsFailure failure, bool resumed) noexcept {
    add(failures_[static_cast<std::size_t>(failure)]);
    if (failure == TlsFailure::none && resumed) add(resumed_);
  }
  std::uint64_t of(TlsFailure failure) const noexcept {
    return failures_[static_cast<std::size_t>(failure)].load(std::memory_order_relaxed);
  }
  /// Of the good ones.
  std::uint64_t resumed() const noexcept { return resumed_.load(std::memory_order_relaxed); }

 private:
  using Cell = std::atomic<std::uint64_t>;
  static void add(Cell& cell) noexcept {
    cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  std::array<Cell, tls_failure_count> failures_{};
  Cell resumed_{0};
};

}  // namespace weir::net
