#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/fault.h"
#include "model/wire_limits.h"

namespace weir::http {

/// The size of the head that `bytes` begin with, by its first empty line; 0: none is there.
/// Nothing is checked.
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

  /// Scans, and has `parse` (bytes of a head → Fault) read what was found: `none` where all is
  /// well, the first mistake, or nothing while the head wants more. Most heads come whole and
  /// are right: `parse` alone then looks at them, for what it accepts, `scan` accepts.
  template <class Parse>
  std::optional<Fault> read(std::string_view bytes_so_far, const WireLimits& limits, Parse parse) {
    const bool fresh = position_ == 0 && progress_ == Progress::need_more;
    const auto whole = fresh ? whole_head(bytes_so_far) : 0;
    if (whole != 0 && parse(bytes_so_far.substr(0, whole)) == Fault::none) {
      position_ = whole;
      progress_ = Progress::complete;
      return Fault::none;
    }
    const auto progress = scan(bytes_so_far, limits);
    if (progress == Progress::need_more) return std::nullopt;
    if (progress == Progress::failed) return fault_;
    return parse(bytes_so_far.substr(start_, head_size()));
  }

  /// 2 where an empty line preceded the request (RFC 9112 §2.2 allows one), else 0.
  std::size_t start() const noexcept { return start_; }
  /// Complete: bytes of the head, its empty line included. The head is
  /// `bytes.substr(start(), head_size())`; the body begins after it.
  std::size_t head_size() const noexcept { return position_ - start_; }
  Fault fault() const noexcept { return fault_; }

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
