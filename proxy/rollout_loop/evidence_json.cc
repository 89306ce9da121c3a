#include "rollout_loop/evidence_json.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "rollout_loop/json_members.h"

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;
using outcomes::EvidenceCounts;
using outcomes::SampleRequest;
using rollout::Assessment;
using rollout::Seen;

/// As it can be written and read back: JSON knows no infinity, and Boost's parser may err in the
/// last of 17 digits.
double settled(double value) {
  constexpr auto most = std::numeric_limits<double>::max();
  constexpr int digits_kept = 12;
  if (std::isnan(value)) return 0;
  std::array<char, 32> digits{};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), std::clamp(value, -most, most),
                    std::chars_format::general, digits_kept);
  std::from_chars(digits.data(), end, value);
  return value;
}

/// The one of `all` with that name; the first for one that only a newer Weir knows.
template <class E>
E named(std::initializer_list<E> all, std::string_view name) {
  for (const auto each : all) {
    if (name_of(each) == name) return each;
  }
  return *all.begin();
}

json::object to_json(const Seen& seen) {
  auto body = rollout_loop::to_json(seen.counts);
  auto& samples = body["samples"].emplace_array();
  for (const auto& sample : seen.samples) samples.push_back(rollout_loop::to_json(sample));
  return body;
}

EvidenceCounts read_counts(const json::object& body) {
  return {number_in<std::uint64_t>(body, "requests"), number_in<std::uint64_t>(body, "errors"),
          number_in<std::uint64_t>(body, "slow")};
}

SampleRequest read_sample(const json::object& body) {
  using enum outcomes::Ending;
  const auto seconds = std::clamp(number_in<double>(body, "latency_seconds"), 0.0, 1e9);
  SampleRequest sample;
  sample.unix_ms = number_in<std::int64_t>(body, "unix_ms");
  sample.latency = std::chrono::microseconds(std::llround(seconds * 1e6));
  sample.status = number_in<std::uint16_t>(body, "status");
  sample.ending = named({answered, connect_failed, reset, timed_out, overflow, client_aborted},
                        text_in(body, "ending"));
  sample.error = flag_in(body, "error");
  sample.slow = flag_in(body, "slow");
  sample.method = decltype(sample.method)(text_in(body, "method"));
  sample.path = decltype(sample.path)(text_in(body, "path"));
  sample.request_id = decltype(sample.request_id)(text_in(body, "request_id"));
  sample.trace_id = decltype(sample.trace_id)(text_in(body, "trace_id"));
  return sample;
}

Seen read_one(const json::object& body) {
  Seen seen{read_counts(body), {}};
  for (const auto& each : list_in(body, "samples")) seen.add(read_sample(each.as_object()));
  return seen;
}

}  // namespace

json::value in_units(std::int64_t parts, std::int64_t per_unit) {
  if (parts % per_unit == 0) return parts / per_unit;
  return static_cast<double>(parts) / static_cast<double>(per_unit);
}

json::object to_json(const EvidenceCounts& counts) {
  return {{"requests", counts.requests}, {"errors", counts.errors}, {"slow", counts.slow}};
}

json::object to_json(const Assessment& assessment) {
  const auto& ratio = assessment.ratio;
  return {{"guard", assessment.guard},
          {"verdict", rollout::name_of(assessment.verdict)},
          {"action", weir::name_of(assessment.action)},
          {"measure", rollout::name_of(assessment.measure)},
          {"value", settled(assessment.value)},
          {"threshold", settled(assessment.threshold)},
          {"ratio", ratio ? json::value(settled(*ratio)) : json::value()},
          {"stable", to_json(assessment.stable)},
          {"canary", to_json(assessment.canary)},
          {"reason", assessment.reason}};
}

json::object to_json(const SampleRequest& sample) {
  return {{"unix_ms", sample.unix_ms},
          {"method", sample.method.view()},
          {"path", sample.path.view()},
          {"status", sample.status},
          {"latency_seconds", in_units(sample.latency.count(), 1'000'000)},
          {"ending", outcomes::name_of(sample.ending)},
          {"error", sample.error},
          {"slow", sample.slow},
          {"request_id", sample.request_id.view()},
          {"trace_id", sample.trace_id.view()}};
}

json::object to_json(const rollout::SeenOfBoth& seen) {
  return {{"stable", to_json(seen.stable)}, {"canary", to_json(seen.canary)}};
}

json::object to_json(const TransitionNote& note) {
  return {{"unix_ms", note.unix_ms},
          {"who", note.who},
          {"kind", note.kind},
          {"reason", note.reason},
          {"guard", note.guard}};
}

Assessment read_assessment(const json::object& body) {
  using rollout::Measure, rollout::Verdict;
  Assessment found;
  found.guard = text_in(body, "guard");
  found.action =
      named({GuardAction::rollback, GuardAction::hold, GuardAction::warn}, text_in(body, "action"));
  found.verdict =
      named({Verdict::insufficient, Verdict::fine, Verdict::worse}, text_in(body, "verdict"));
  found.measure = named({Measure::share, Measure::evidence}, text_in(body, "measure"));
  found.value = settled(number_in<double>(body, "value"));
  found.threshold = settled(number_in<double>(body, "threshold"));
  const auto* ratio = body.if_contains("ratio");
  if (ratio != nullptr && !ratio->is_null()) found.ratio = settled(ratio->to_number<double>());
  found.stable = read_counts(object_in(body, "stable"));
  found.canary = read_counts(object_in(body, "canary"));
  found.reason = text_in(body, "reason");
  return found;
}

rollout::SeenOfBoth read_seen(const json::object& body) {
  return {read_one(object_in(body, "stable")), read_one(object_in(body, "canary"))};
}

TransitionNote read_note(const json::object& body) {
  return {number_in<std::int64_t>(body, "unix_ms"), std::string(text_in(body, "who")),
          std::string(text_in(body, "kind")), std::string(text_in(body, "reason")),
          std::string(text_in(body, "guard"))};
}

}  // namespace weir::rollout_loop
