#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/fault.h"
#include "model/wire_limits.h"

namespace weir::http {

/// The size of the head that `bytes` begin with, by its first empty line; 0: none is there.
/// Nothing is checked: most heads come whole and are right, and what a parser accepts of them
/// `HeadScanner` accepts as well. Of all others it has the word.
std::size_t whole_head(std::string_view bytes) noexcept;

/// Finds where a head ends while its bytes arrive. Looks at each byte once, and says
/// the same whatever pieces they arrive in: the first mistake in byte order counts.
/// Refuses bare CR, bare LF, NUL, a head above `head_bytes` and a request target above
/// `target_bytes`; everything else is for `parse_request_head`.
class HeadScanner {
 public:
  enum class Kind : std::uint8_t { request, response };
  enum class Progress : std::uint8_t { need_more, complete, failed };

  explicit HeadScanner(Kind kind = Kind::request) noexcept : kind_(kind) {}

  /// `bytes_so_far`: everything since the last `reset`, earlier bytes unchanged
  /// (they may have moved). The limits must be the same on every call.
  Progress scan(std::string_view bytes_so_far, const WireLimits& limits) noexcept;

  /// 2 where an empty line preceded the request (RFC 9112 §2.2 allows one), else 0.
  std::size_t start() const noexcept { return start_; }
  /// Complete: bytes of the head, its empty line included. The head is
  /// `bytes.substr(start(), head_size())`; the body begins after it.
  std::size_t head_size() const noexcept { return position_ - start_; }
  Fault fault() const noexcept { return fault_; }
  /// Nothing was scanned since the last `reset`.
  bool fresh() const noexcept { return position_ == 0 && progress_ == Progress::need_more; }
  /// Of `fresh`: a parser accepted a whole head of that size.
  void accept(std::size_t head_size) noexcept {
    position_ = head_size;
    progress_ = Progress::complete;
  }

  /// Ready for the next message of the same kind.
  void reset() noexcept { *this = HeadScanner(kind_); }

 private:
  Progress fail(Fault fault) noexcept;
  Progress end_line(std::size_t line_end) noexcept;
  Progress meet_control(std::string_view window, std::size_t at) noexcept;
  bool target_fits(std::string_view line_so_far, std::uint32_t limit) noexcept;

  Kind kind_;
  Progress progress_ = Progress::need_more;
  Fault fault_ = Fault::none;
  bool in_first_line_ = true;
  bool target_ended_ = false;
  std::size_t start_ = 0;
  std::size_t position_ = 0;  ///< bytes looked at; may point at a CR that waits for its LF
  std::size_t line_begin_ = 0;
  std::size_t target_begin_ = 0;  ///< 0: not reached
};

}  // namespace weir::http
