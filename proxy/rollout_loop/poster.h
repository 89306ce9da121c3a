#pragma once
#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "model/http_target.h"
#include "model/instant.h"

namespace weir::rollout_loop {

/// One POST of JSON to somebody else's server.
struct HttpPost {
  HttpTarget target;
  std::string id;  ///< of what is said: a second one with it says the same again
  std::string body;
  Milliseconds limit{0};  ///< for all of it
};

struct HttpReply {
  unsigned status = 0;  ///< 0: there was no answer, for the reason in `failure`
  std::string body;
  std::string failure;
};

/// Who can send them. Control thread only.
class Poster {
 public:
  virtual ~Poster() = default;
  virtual boost::asio::awaitable<HttpReply> post(HttpPost post) = 0;
};

/// Until the next try, after so many that failed: a second, doubled each time up to a minute.
constexpr Milliseconds backoff(std::uint32_t failures) noexcept {
  constexpr Milliseconds first{1'000}, longest{60'000};
  constexpr std::uint32_t doublings = 6;
  const auto steps = failures > doublings ? doublings : failures == 0 ? 0 : failures - 1;
  return std::min(first * (1U << steps), longest);
}

}  // namespace weir::rollout_loop
