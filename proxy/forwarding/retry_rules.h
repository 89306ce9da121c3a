#pragma once
#include <cstdint>

#include "http/request_head.h"

namespace weir::forwarding {

/// How one attempt at one endpoint ended.
enum class Attempt : std::uint8_t {
  answered,        ///< a final response head is here; nothing went to the client yet
  no_endpoint,     ///< the pool has no candidate
  overflow,        ///< the pool has no room
  connect_failed,  ///< nothing was delivered
  stale,           ///< a reused connection closed before the first response byte
  reset,           ///< a fresh one did
  timed_out,       ///< no response head in time
  bad_response,    ///< its framing is in doubt
  client_gone,     ///< the client went away
  bad_request,     ///< the request's body broke the rules on its way
};

/// What an attempt left behind that decides whether the request may be sent again.
struct Situation {
  Attempt attempt = Attempt::answered;
  std::uint16_t status = 0;  ///< answered: of the response
  http::Method method = http::Method::get;
  bool body_whole = true;  ///< no body, or all of it still in the buffer
  bool on_canary = false;  ///< in a rollout, and not by preview
  bool shield = true;
  bool shield_on_500 = false;
  bool retried = false;  ///< this version had its one retry
};

enum class Next : std::uint8_t {
  finish,        ///< relay what came, or answer for it
  same_again,    ///< on a fresh connection to the same endpoint; costs no budget
  same_version,  ///< at another endpoint, where the budget allows
  stable,        ///< shield: stable answers, where the budget allows
};

/// The whole rule of sending again:
///
/// | attempt | safe method | other idempotent | other |
/// | --- | --- | --- | --- |
/// | connect failed, no endpoint (nothing delivered) | shield, else retry | shield, else retry |
/// shield, else retry | | stale | fresh connection | fresh connection | finish (502) | | reset |
/// shield, else retry | retry | finish (502) | | bad response | shield | finish (502) | finish
/// (502) | | 502, 503, 504 (500 where asked) | shield | finish | finish | | timed out, overflow,
/// client gone, bad request | finish | finish | finish |
///
/// "shield" needs the exchange on canary; "retry" happens once per version; nothing
/// is sent again once a body was streamed from the client.
Next next_after(const Situation& situation) noexcept;

}  // namespace weir::forwarding
