#pragma once
#include <cstdint>
#include <deque>
#include <string>

namespace weir::rollout_loop {

/// A transition that one webhook has yet to be told of.
struct Notice {
  std::string id;       ///< of the transition: the same in every try and for every webhook
  std::string webhook;  ///< its name
  std::string service, kind;
  std::int64_t unix_ms = 0;  ///< of the transition
  std::string body;          ///< sent as it is, each time
  bool operator==(const Notice&) const = default;
};

using Notices = std::deque<Notice>;  ///< oldest first

}  // namespace weir::rollout_loop
