#include "forwarding/retry_rules.h"

namespace weir::forwarding {
namespace {

bool is_failed_status(const Situation& s) noexcept {
  if (s.status == 500) return s.shield_on_500;
  return s.status == 502 || s.status == 503 || s.status == 504;
}

Next shield_or_retry(const Situation& s, bool may_shield) noexcept {
  if (may_shield && s.on_canary && s.shield) return Next::stable;
  return s.retried ? Next::finish : Next::same_version;
}

Next shield_or_elsewhere(const Situation& s) noexcept {
  if (s.on_canary && s.shield) return Next::stable;
  return s.unreached < most_elsewhere ? Next::elsewhere : Next::finish;
}

Next shield_only(const Situation& s) noexcept {
  const bool shielded = http::is_safe(s.method) && s.on_canary && s.shield;
  return shielded ? Next::stable : Next::finish;
}

}  // namespace

Next next_after(const Situation& s) noexcept {
  if (!s.body_whole) return Next::finish;
  switch (s.attempt) {
    case Attempt::no_endpoint:
      return shield_or_retry(s, true);
    case Attempt::connect_failed:
      return shield_or_elsewhere(s);
    case Attempt::unsent:
      return Next::same_again;
    case Attempt::stale:
      return http::is_idempotent(s.method) ? Next::same_again : Next::finish;
    case Attempt::reset:
    case Attempt::slow:
    case Attempt::cut:
      if (!http::is_idempotent(s.method)) return Next::finish;
      return shield_or_retry(s, http::is_safe(s.method));
    case Attempt::bad_response:
      return shield_only(s);
    case Attempt::answered:
      return is_failed_status(s) ? shield_only(s) : Next::finish;
    case Attempt::overflow:
    case Attempt::timed_out:
    case Attempt::client_gone:
    case Attempt::bad_request:
      return Next::finish;
  }
  return Next::finish;
}

}  // namespace weir::forwarding
