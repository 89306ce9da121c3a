#include "rollout_loop/state_text.h"

#include <boost/json.hpp>

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;

constexpr TextKind state_file{"weir-state", "state file"};

json::array texts(const std::vector<std::string>& from) {
  json::array list;
  for (const auto& text : from) list.emplace_back(text);
  return list;
}

json::object encode(const rollout::RolloutState& state) {
  json::object object{{"epoch", state.epoch},
                      {"phase", rollout::name_of(state.phase)},
                      {"pause_reason", rollout::name_of(state.pause_reason)},
                      {"stable", name_of(state.stable)},
                      {"weight_basis_points", state.weight.basis_points()},
                      {"step", state.step},
                      {"held_ms", state.held.count()},
                      {"step_requests", state.step_requests},
                      {"can_undo", state.can_undo},
                      {"revision", state.revision},
                      {"reason", state.reason},
                      {"recent_keys", texts(state.recent_keys)}};
  if (state.warm_until) {
    object["warm_until_unix_ms"] = state.warm_until->time_since_epoch().count();
  }
  return object;
}

template <class T>
T known(std::optional<T> value, const char* member) {
  if (!value) throw std::invalid_argument(std::string("unknown value of ") + member);
  return *value;
}

std::string_view text_of(const json::object& object, const char* member) {
  const auto& text = object.at(member).as_string();
  return {text.data(), text.size()};
}

/// What no Weir writes, for a text whose checksum someone made to fit: counting on from it
/// would overflow, or canary would get traffic outside a rollout.
void refuse_impossible(const rollout::RolloutState& state) {
  constexpr Milliseconds longest_held = std::chrono::hours(24 * 365 * 100);
  constexpr std::uint32_t most_steps = 1'000'000;
  constexpr WallTime earliest{}, latest{std::chrono::hours(24 * 365 * 1'000)};
  const auto within = [](bool holds, const char* member) {
    if (!holds) throw std::invalid_argument(std::string("impossible value of ") + member);
  };
  within(state.held >= Milliseconds(0) && state.held <= longest_held, "held_ms");
  within(state.step <= most_steps, "step");
  within(state.in_progress() || state.weight == Weight::none(), "weight_basis_points");
  const auto warm_until = state.warm_until.value_or(earliest);
  within(warm_until >= earliest && warm_until <= latest, "warm_until_unix_ms");
}

rollout::RolloutState decode(const json::object& object) {
  rollout::RolloutState state;
  state.epoch = object.at("epoch").to_number<std::uint64_t>();
  state.phase = known(rollout::phase_named(text_of(object, "phase")), "phase");
  state.pause_reason =
      known(rollout::pause_reason_named(text_of(object, "pause_reason")), "pause_reason");
  state.stable = known(version_named(text_of(object, "stable")), "stable");
  state.weight =
      known(Weight::from_basis_points(object.at("weight_basis_points").to_number<std::uint32_t>()),
            "weight_basis_points");
  state.step = object.at("step").to_number<std::uint32_t>();
  state.held = Milliseconds(object.at("held_ms").to_number<std::int64_t>());
  state.step_requests = object.at("step_requests").to_number<std::uint64_t>();
  state.can_undo = object.at("can_undo").as_bool();
  state.revision = text_of(object, "revision");
  state.reason = text_of(object, "reason");
  if (const auto* keys = object.if_contains("recent_keys")) {
    for (const auto& key : keys->as_array()) state.recent_keys.emplace_back(key.as_string());
  }
  if (const auto* until = object.if_contains("warm_until_unix_ms")) {
    state.warm_until = WallTime(Milliseconds(until->to_number<std::int64_t>()));
  }
  refuse_impossible(state);
  return state;
}

}  // namespace

std::string encode_states(const States& states) {
  json::object services;
  for (const auto& [name, state] : states) services[name] = encode(state);
  return seal(state_file, json::serialize(json::object{{"services", std::move(services)}}) + "\n");
}

States decode_states(std::string_view text) {
  const auto body = unseal(state_file, text);
  try {
    States states;
    const auto document = json::parse({body.data(), body.size()});
    for (const auto& [name, value] : document.as_object().at("services").as_object()) {
      states[std::string(name)] = decode(value.as_object());
    }
    return states;
  } catch (const std::exception& error) {
    throw StateError(std::string("not understood: ") + error.what());
  }
}

}  // namespace weir::rollout_loop
