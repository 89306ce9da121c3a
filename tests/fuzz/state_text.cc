// A state file: what is read and written again reads back equal; anything else is a StateError.
#include "rollout_loop/state_text.h"

#include <openssl/sha.h>

#include <array>

#include "require.h"
#include "rollout/decide.h"

namespace weir::rollout_loop {
namespace {

using fuzz::require;

/// The line a whole file begins with, its checksum right: damage that it would catch is not
/// what is looked for.
std::string sealed(std::string_view body) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data());
  std::string text = "weir-state 1 sha256=";
  for (const unsigned octet : digest) {
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text.append("\n").append(body);
}

void check_sound(const rollout::RolloutState& state) {
  require(state.weight <= Weight::all(), "a weight is a share");
  require(state.in_progress() || state.weight == Weight::none(), "of a rollout");
  require(!name_of(state.phase).empty(), "a phase has a name");
  require(state.held.count() >= 0, "time held is not negative");
  require(!state.held_at && !state.driver_seen && state.warned.empty() && !state.hold,
          "instants are not kept");
}

void check_kept(const rollout::RolloutState& state) {
  const std::string written = encode_states({{"a", state}});
  require(encode_states(decode_states(written).rollouts) == written,
          "what follows of it can be kept");
}

/// Whatever a rollout makes of what was read.
void check_course(const rollout::RolloutState& state) {
  static const RolloutPolicy policy{
      .steps = {{.weight = Weight::percent(5), .hold = Milliseconds(1)}, {Weight::percent(50)}},
      .latency = LatencyGuard{.slower_than = {.p95_up_to = Milliseconds(24'999)}},
      .bake = Milliseconds(1)};
  const Instant now{std::chrono::hours(1)}, later = now + std::chrono::minutes(1);
  const auto first = rollout::decide(state, policy, {}, now);
  check_kept(rollout::decide(first.next, policy, {}, later).next);
  const rollout::Evidence in_time{
      {}, 0, {WallTime(std::chrono::hours(500'000)), 0, {}, Microseconds(5'376)}};
  check_kept(rollout::decide(state, policy, in_time, now).next);
  using enum rollout::Action;
  for (const auto action : {start, pause, resume, promote, abort, retry, undo, set_weight}) {
    rollout::ActionRequest request;
    request.action = action;
    request.weight = Weight::percent(20);
    const auto outcome = rollout::apply(state, policy, request, now);
    if (const auto* decision = std::get_if<rollout::Decision>(&outcome)) check_kept(decision->next);
  }
}

void check(std::string_view text) {
  Kept kept;
  try {
    kept = decode_states(text);
  } catch (const StateError& error) {
    require(error.what()[0] != '\0', "an error says why");
    return;
  }
  const std::string written = encode_states(kept.rollouts, kept.notices);
  const Kept again = decode_states(written);
  require(again == kept, "what is written reads back equal");
  require(encode_states(again.rollouts, again.notices) == written, "and is written the same again");
  for (const auto& [name, state] : kept.rollouts) {
    check_sound(state);
    check_course(state);
  }
}

}  // namespace
}  // namespace weir::rollout_loop

/// The JSON of a state file, or a whole one.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text = weir::fuzz::text_of(data, size);
  weir::rollout_loop::check(text);
  weir::rollout_loop::check(weir::rollout_loop::sealed(text));
  return 0;
}
