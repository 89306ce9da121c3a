#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "net/descriptor.h"
#include "net/socket.h"

namespace weir::net {

/// A pipe of the kernel, through which bytes go from one connection to another in the clear
/// without being copied (splice(2)). Lent to who moves bytes just then. One thread.
class SplicePipe {
 public:
  static constexpr std::size_t capacity = 256 * 1024;
  static constexpr std::int64_t most_lent = 64;  ///< of a thread: what stalled receivers may hold

  /// One that is empty. Nothing where `most_lent` are out, or the kernel has none left.
  static std::optional<SplicePipe> take() noexcept;
  SplicePipe(SplicePipe&& other) noexcept;
  SplicePipe& operator=(SplicePipe&&) = delete;
  /// The next one who asks has it; closed where bytes are left in it.
  ~SplicePipe();

  /// Bytes that went in and not yet out.
  std::size_t held() const noexcept { return held_; }
  /// Takes up to `most` bytes that have come, without waiting; only while empty. `would_block`
  /// where nothing has come, `eof` at the end, `invalid_argument` where this kernel cannot.
  error_code fill(Socket& from, std::size_t most) noexcept;
  /// Gives what `to` takes without waiting. No error and bytes left: it takes no more now.
  error_code drain(Socket& to) noexcept;

 private:
  struct Ends {
    Descriptor out, in;
  };
  class Spares;
  explicit SplicePipe(Ends ends) noexcept;

  Ends ends_;
  std::size_t held_ = 0;
};

}  // namespace weir::net
