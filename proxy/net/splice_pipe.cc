#include "net/splice_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

namespace weir::net {
namespace {

constexpr unsigned flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;

error_code last_error() noexcept {
  if (errno == EAGAIN || errno == EINTR) return boost::asio::error::would_block;
  return {errno, boost::system::system_category()};
}

}  // namespace

/// The calling thread's pipes.
class SplicePipe::Spares {
 public:
  static Spares& here() noexcept {
    thread_local Spares spares;
    return spares;
  }
  std::optional<Ends> take() noexcept {
    if (lent_ >= most_lent) return std::nullopt;
    auto ends = kept_.empty() ? opened() : std::optional(std::move(kept_.back()));
    if (!kept_.empty()) kept_.pop_back();
    if (ends) ++lent_;
    return ends;
  }
  void keep(Ends ends) noexcept {
    --lent_;
    if (ends.in && kept_.size() < kept_.capacity()) kept_.push_back(std::move(ends));
  }

 private:
  Spares() { kept_.reserve(16); }

  static std::optional<Ends> opened() noexcept {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return std::nullopt;
    // Without privileges there is a bound for all pipes of a user: a smaller one moves less.
    ::fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(capacity));
    return Ends{Descriptor(ends[0]), Descriptor(ends[1])};
  }

  std::vector<Ends> kept_;
  std::int64_t lent_ = 0;  ///< a frame may end on another thread, with the process
};

std::optional<SplicePipe> SplicePipe::take() noexcept {
  auto ends = Spares::here().take();
  if (!ends) return std::nullopt;
  return SplicePipe(std::move(*ends));
}

SplicePipe::SplicePipe(Ends ends) noexcept : ends_(std::move(ends)) {}

SplicePipe::SplicePipe(SplicePipe&& other) noexcept
    : ends_(std::move(other.ends_)), held_(std::exchange(other.held_, 0)) {}

SplicePipe::~SplicePipe() {
  if (!ends_.in) return;  // moved on
  if (held_ > 0) ends_ = {};
  Spares::here().keep(std::move(ends_));
}

error_code SplicePipe::fill(Socket& from, std::size_t most) noexcept {
  const auto moved = ::splice(from.native_handle(), nullptr, ends_.in.get(), nullptr, most, flags);
  if (moved < 0) return last_error();
  if (moved == 0) return boost::asio::error::eof;
  held_ += static_cast<std::size_t>(moved);
  return {};
}

error_code SplicePipe::drain(Socket& to) noexcept {
  while (held_ > 0) {
    const auto moved =
        ::splice(ends_.out.get(), nullptr, to.native_handle(), nullptr, held_, flags);
    if (moved < 0) {
      const auto error = last_error();
      return error == boost::asio::error::would_block ? error_code{} : error;
    }
    held_ -= static_cast<std::size_t>(moved);
  }
  return {};
}

}  // namespace weir::net
