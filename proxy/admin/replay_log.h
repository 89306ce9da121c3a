#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "admin/message.h"

namespace weir::admin {

/// Remembers how the last mutations with an `Idempotency-Key` ended, so that a repeated
/// request is answered again and not carried out again. Control thread only.
class ReplayLog {
 public:
  static constexpr std::size_t kept = 256;

  /// What names a mutation, and what it asked for.
  struct Entry {
    std::string key;
    std::string request;  ///< route and body
  };
  enum class Found : std::uint8_t {
    nothing,    ///< carry it out, then `finish` or `forget`
    answered,   ///< `answer` holds what was said then
    in_flight,  ///< the first one has not ended yet
    different,  ///< the key was used for another request
  };

  /// `nothing`: the entry is noted as in flight.
  Found begin(const Entry& entry, Response& answer);
  void finish(const Entry& entry, Response answer);
  void forget(const Entry& entry);

 private:
  struct Kept {
    Entry entry;
    std::unique_ptr<const Response> answer;  ///< null while in flight
  };
  Kept* find(const Entry& entry) noexcept;

  std::deque<Kept> entries_;  ///< oldest first
};

}  // namespace weir::admin
