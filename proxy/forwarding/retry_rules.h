#pragma once
#include <cstdint>

#include "http/request_head.h"

namespace weir::forwarding {

/// How one attempt at one endpoint ended, by the moment it came to.
enum class Attempt : std::uint8_t {
  answered,        ///< a final response head is here, or a 101; nothing of it went to the client
  no_endpoint,     ///< the pool has no candidate
  overflow,        ///< the pool has no room
  connect_failed,  ///< no connection in time, or a fresh one took no byte of the request
  unsent,          ///< a reused connection took no byte of the request
  stale,           ///< a reused one took some, and closed before the first byte of an answer
  reset,           ///< a fresh one did
  slow,            ///< no final head in the time a try has, where another may follow
  cut,             ///< closed behind the first byte of an answer, before its final head
  timed_out,       ///< no final head in time
  bad_response,    ///< its framing is in doubt
  client_gone,     ///< the client went away
  bad_request,     ///< the request's body broke the rules on its way
};
inline constexpr std::size_t attempt_count = 13;

/// What an attempt left behind that decides whether the request may be sent again.
struct Situation {
  Attempt attempt = Attempt::answered;
  std::uint16_t status = 0;  ///< answered: of the response
  http::Method method = http::Method::get;
  bool body_whole = true;  ///< no body, or all of it still in the buffer
  bool on_canary = false;  ///< in a rollout, and not by preview
  bool shield = true;
  bool shield_on_500 = false;
  bool retried = false;        ///< this version had its one retry
  std::uint8_t unreached = 0;  ///< tries of this version, before this one, that reached nobody
};
/// So many times a request looks for an endpoint that takes it, besides the first.
inline constexpr std::uint8_t most_elsewhere = 3;

enum class Next : std::uint8_t {
  finish,        ///< relay what came, or answer for it
  same_again,    ///< on a fresh connection to the same endpoint; costs no budget
  elsewhere,     ///< at another endpoint; costs no budget, for nobody had to do with it
  same_version,  ///< at another endpoint, where the budget allows
  stable,        ///< shield: stable answers, where the budget allows
};

// clang-format off
/// The whole rule of sending again (RFC 9110 §9.2.2), by attempt and method:
///
/// | moment                      | attempt                   | safe    | PUT, DELETE | others  |
/// | --------------------------- | ------------------------- | ------- | ----------- | ------- |
/// | the pool cannot take it     | no_endpoint               | shield+ | shield+     | shield+ |
/// |                             | overflow                  | finish  | finish      | finish  |
/// | no connection               | connect_failed            | shield* | shield*     | shield* |
/// | no byte of the head is out  | connect_failed (fresh)    | shield* | shield*     | shield* |
/// |                             | unsent (reused)           | again   | again       | again   |
/// | head or body out, no answer | stale (reused)            | again   | again       | finish  |
/// |                             | reset (fresh)             | shield+ | retry       | finish  |
/// |                             | slow                      | shield+ | retry       | finish  |
/// |                             | timed_out                 | finish  | finish      | finish  |
/// | in the head of the answer   | cut                       | shield+ | retry       | finish  |
/// |                             | bad_response              | shield  | finish      | finish  |
/// | final: 502, 503, 504 °      | answered                  | shield  | finish      | finish  |
/// | final: any other, or a 101  | answered                  | finish  | finish      | finish  |
/// | in the body of the answer   | (the client has the head) | finish  | finish      | finish  |
/// | any, and nobody waits       | client_gone, bad_request  | finish  | finish      | finish  |
///
/// again: on a fresh connection to the same endpoint, at once and free, for the first one was
/// merely old. retry: at another endpoint, once per version. shield: by stable, where canary
/// failed in a rollout. shield+: shield, else retry. shield*: shield, else elsewhere, free and
/// up to `most_elsewhere` times: what reached no endpoint loads none. ° 500 too, where `shield_on_500`.
/// Once a byte of a body was streamed from the client, everything is finish.
// clang-format on
Next next_after(const Situation& situation) noexcept;

}  // namespace weir::forwarding
