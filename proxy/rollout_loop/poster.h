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

constexpr bool succeeded(const HttpReply& reply) noexcept {
  return reply.status >= 200 && reply.status < 300;
}

/// Whether the same request may find another answer later (RFC 9110 §15.5.9, RFC 8470 §5.2,
/// RFC 6585 §4).
constexpr bool may_change(const HttpReply& reply) noexcept {
  constexpr unsigned timed_out = 408, too_early = 425, too_many = 429;
  return reply.status == 0 || reply.status >= 500 || reply.status == timed_out ||
         reply.status == too_early || reply.status == too_many;
}

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
