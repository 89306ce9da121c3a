#include "rollout_loop/history_text.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <utility>

#include "rollout_loop/evidence_json.h"
#include "rollout_loop/json_members.h"

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;

constexpr TextKind history_file{"weir-history", "history file"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> ends{
    {{"finish", "finished"},
     {"rollback", "rolled_back"},
     {"abort", "aborted"},
     {"undo", "undone"}}};

/// How it ended; empty: it has not.
std::string_view ending_of(const PastRollout& rollout) {
  if (!rollout.ended) return "";
  for (const auto& [kind, ending] : ends) {
    if (rollout.last.kind == kind) return ending;
  }
  return "unknown";
}

Weight read_percent(const json::object& body, std::string_view name) {
  const auto percent = std::clamp(number_in<double>(body, name), 0.0, 100.0);
  const auto parts = static_cast<std::uint32_t>(std::lround(percent * 100));
  return Weight::from_basis_points(parts).value_or(Weight::none());
}

PastRollout read_rollout(const json::object& body) {
  PastRollout rollout;
  rollout.epoch = number_in<std::uint64_t>(body, "epoch");
  rollout.revision = text_in(body, "revision");
  rollout.canary = version_named(text_in(body, "canary")).value_or(Version::green);
  rollout.started_unix_ms = number_in<std::int64_t>(body, "started_unix_ms");
  rollout.greatest = read_percent(body, "greatest_weight_percent");
  rollout.ended = !text_in(body, "ended").empty();
  rollout.last = read_note(object_in(body, "last_transition"));
  for (const auto& guard : list_in(body, "guards")) {
    rollout.guards.push_back(read_assessment(guard.as_object()));
  }
  rollout.seen = read_seen(object_in(body, "seen"));
  return rollout;
}

}  // namespace

json::object to_json(const PastRollout& rollout) {
  json::object body{{"epoch", rollout.epoch},
                    {"revision", rollout.revision},
                    {"canary", name_of(rollout.canary)},
                    {"started_unix_ms", rollout.started_unix_ms},
                    {"greatest_weight_percent", in_units(rollout.greatest.basis_points(), 100)},
                    {"ended", ending_of(rollout)},
                    {"last_transition", to_json(rollout.last)},
                    {"seen", to_json(rollout.seen)}};
  auto& guards = body["guards"].emplace_array();
  for (const auto& guard : rollout.guards) guards.push_back(to_json(guard));
  return body;
}

std::string encode_history(const History& history) {
  json::array rollouts;
  for (const auto& rollout : history) rollouts.push_back(to_json(rollout));
  return seal(history_file,
              json::serialize(json::object{{"rollouts", std::move(rollouts)}}) + "\n");
}

History decode_history(std::string_view text) {
  const auto body = unseal(history_file, text);
  try {
    History history;
    const auto document = json::parse({body.data(), body.size()});
    for (const auto& each : list_in(document.as_object(), "rollouts")) {
      history.push_back(read_rollout(each.as_object()));
    }
    return history;
  } catch (const std::exception& error) {
    throw StateError(std::string("not understood: ") + error.what());
  }
}

}  // namespace weir::rollout_loop
