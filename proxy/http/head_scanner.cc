#include "http/head_scanner.h"

#include <algorithm>

#include "http/octets.h"

namespace weir::http {

std::size_t whole_head(std::string_view bytes) noexcept {
  const auto at = find_pair(bytes, '\n', '\r');
  const bool empty_line =
      at > 0 && at + 2 < bytes.size() && bytes[at - 1] == '\r' && bytes[at + 2] == '\n';
  return empty_line ? at + 3 : 0;
}

HeadScanner::Progress HeadScanner::fail(Fault fault) noexcept {
  fault_ = fault;
  return progress_ = Progress::failed;
}

bool HeadScanner::target_fits(std::string_view line_so_far, std::uint32_t limit) noexcept {
  if (target_begin_ == 0) {
    const std::size_t space = line_so_far.find(' ', position_);
    if (space == std::string_view::npos) return true;
    target_begin_ = space + 1;
  }
  if (target_ended_) return true;
  const std::string_view fitting = line_so_far.substr(0, target_begin_ + limit + 1);
  target_ended_ = fitting.find(' ', std::max(position_, target_begin_)) != std::string_view::npos;
  return target_ended_ || fitting.size() <= target_begin_ + limit;
}

HeadScanner::Progress HeadScanner::end_line(std::size_t line_end) noexcept {
  position_ = line_end + 2;
  if (line_end == line_begin_) return progress_ = Progress::complete;
  line_begin_ = position_;
  in_first_line_ = false;
  return Progress::need_more;
}

HeadScanner::Progress HeadScanner::meet_control(std::string_view window, std::size_t at) noexcept {
  switch (window[at]) {
    case '\0':
      return fail(Fault::nul_byte);
    case '\n':
      return fail(Fault::bare_lf);
    case '\r':
      return window[at + 1] == '\n' ? end_line(at) : fail(Fault::bare_cr);
    default:
      position_ = at + 1;
      return Progress::need_more;
  }
}

HeadScanner::Progress HeadScanner::scan(std::string_view bytes_so_far,
                                        const WireLimits& limits) noexcept {
  if (kind_ == Kind::request && position_ == 0 && bytes_so_far.starts_with("\r\n")) {
    start_ = position_ = line_begin_ = 2;
  }
  const std::string_view window = bytes_so_far.substr(0, start_ + limits.head_bytes);
  while (progress_ == Progress::need_more) {
    const std::size_t at = find_control(window, position_);
    if (kind_ == Kind::request && in_first_line_ &&
        !target_fits(window.substr(0, at), limits.target_bytes)) {
      return fail(Fault::target_too_long);
    }
    position_ = at;
    const bool cr_is_last = at + 1 == window.size() && window[at] == '\r';
    if (at == window.size() || cr_is_last) {
      const bool full = window.size() == start_ + limits.head_bytes;
      return full ? fail(Fault::head_too_large) : Progress::need_more;
    }
    meet_control(window, at);
  }
  return progress_;
}

}  // namespace weir::http
