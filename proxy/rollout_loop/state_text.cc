#include "rollout_loop/state_text.h"

#include <boost/json.hpp>

#include "rollout_loop/hex.h"

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
                      {"recent_keys", texts(state.recent_keys)},
                      {"passed_hooks", texts(state.passed_hooks)}};
  if (state.slower_than) object["slower_than_us"] = state.slower_than->count();
  if (state.warm_until) {
    object["warm_until_unix_ms"] = state.warm_until->time_since_epoch().count();
  }
  return object;
}

json::object encode(const Notice& notice) {
  return {{"id", notice.id},     {"webhook", notice.webhook}, {"service", notice.service},
          {"kind", notice.kind}, {"unix_ms", notice.unix_ms}, {"body", notice.body}};
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

std::vector<std::string> texts_of(const json::object& object, const char* member) {
  std::vector<std::string> texts;
  const auto* list = object.if_contains(member);  // younger than the format
  if (list == nullptr) return texts;
  for (const auto& text : list->as_array()) texts.emplace_back(text.as_string());
  return texts;
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
  constexpr Microseconds shortest{1}, longest = std::chrono::hours(1);
  const auto bound = state.slower_than.value_or(shortest);
  within(bound >= shortest && bound <= longest, "slower_than_us");
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
  state.recent_keys = texts_of(object, "recent_keys");
  state.passed_hooks = texts_of(object, "passed_hooks");
  if (const auto* bound = object.if_contains("slower_than_us")) {
    state.slower_than = Microseconds(bound->to_number<std::int64_t>());
  }
  if (const auto* until = object.if_contains("warm_until_unix_ms")) {
    state.warm_until = WallTime(Milliseconds(until->to_number<std::int64_t>()));
  }
  refuse_impossible(state);
  return state;
}

Notice decode_notice(const json::object& object) {
  Notice notice;
  notice.id = text_of(object, "id");
  notice.webhook = text_of(object, "webhook");
  notice.service = text_of(object, "service");
  notice.kind = text_of(object, "kind");
  notice.unix_ms = object.at("unix_ms").to_number<std::int64_t>();
  notice.body = text_of(object, "body");
  return notice;
}

Kept decode(std::string_view body) {
  Kept kept;
  const auto document = json::parse({body.data(), body.size()});
  for (const auto& [name, value] : document.as_object().at("services").as_object()) {
    kept.rollouts[std::string(name)] = decode(value.as_object());
  }
  if (const auto* notices = document.as_object().if_contains("notices")) {
    for (const auto& each : notices->as_array()) {
      kept.notices.push_back(decode_notice(each.as_object()));
    }
  }
  return kept;
}

}  // namespace

std::string encode_states(const States& states, const Notices& notices) {
  json::object services;
  for (const auto& [name, state] : states) services[name] = encode(state);
  json::object document{{"services", std::move(services)}};
  if (!notices.empty()) {
    auto& list = document["notices"].emplace_array();
    for (const auto& notice : notices) list.push_back(encode(notice));
  }
  return seal(state_file, json::serialize(document) + "\n");
}

Kept decode_states(std::string_view text) {
  const auto body = unseal(state_file, text);
  try {
    return decode(body);
  } catch (const std::exception& error) {
    throw StateError(std::string("not understood: ") + error.what());
  }
}

}  // namespace weir::rollout_loop
