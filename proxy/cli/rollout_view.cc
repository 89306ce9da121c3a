#include "cli/rollout_view.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

namespace weir::cli {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& body, std::string_view name) {
  return printable(std::string(body.at(name).as_string()));
}

/// Of an object that may be null, or missing where the proxy is older.
std::string text_within(const json::object& body, std::string_view name, std::string_view member) {
  const auto* inner = body.if_contains(name);
  return inner == nullptr || inner->is_null() ? "" : text_of(inner->as_object(), member);
}

double number_of(const json::object& body, std::string_view name) {
  return body.at(name).to_number<double>();
}

std::uint64_t count_of(const json::object& body, std::string_view name) {
  return body.at(name).to_number<std::uint64_t>();
}

Position read_position(const json::object& body) {
  return {count_of(body, "epoch"), text_of(body, "phase"), number_of(body, "weight_percent"),
          count_of(body, "step")};
}

StepView read_step(const json::object& body) {
  return {number_of(body, "weight_percent"), number_of(body, "hold_seconds"),
          count_of(body, "min_requests"), body.at("manual_gate").as_bool()};
}

std::optional<double> number_within(const json::object& body, std::string_view name) {
  const auto* number = body.if_contains(name);
  if (number == nullptr || number->is_null()) return std::nullopt;
  return number->to_number<double>();
}

GuardView read_guard(const json::object& body) {
  return {text_of(body, "guard"),
          text_of(body, "verdict"),
          text_of(body, "reason"),
          text_of(body, "measure"),
          number_of(body, "value"),
          number_of(body, "threshold"),
          count_of(body.at("stable").as_object(), "requests"),
          count_of(body.at("canary").as_object(), "requests"),
          number_within(body, "ratio")};
}

SampleView read_sample(const json::object& body) {
  return {body.at("unix_ms").to_number<std::int64_t>(),
          text_of(body, "method"),
          text_of(body, "path"),
          text_of(body, "ending"),
          text_of(body, "request_id"),
          text_of(body, "trace_id"),
          count_of(body, "status"),
          number_of(body, "latency_seconds")};
}

SeenView read_seen(const json::object& body) {
  SeenView seen{count_of(body, "requests"), count_of(body, "errors"), count_of(body, "slow"), {}};
  for (const auto& sample : body.at("samples").as_array()) {
    seen.samples.push_back(read_sample(sample.as_object()));
  }
  return seen;
}

WhyView read_why(const json::object& body) {
  WhyView why;
  for (const auto& guard : body.at("guards").as_array()) {
    why.guards.push_back(read_guard(guard.as_object()));
  }
  const auto* last = body.if_contains("last_transition");
  if (last != nullptr && !last->is_null()) why.guard = text_of(last->as_object(), "guard");
  if (const auto* seen = body.if_contains("seen")) {
    why.stable = read_seen(seen->as_object().at("stable").as_object());
    why.canary = read_seen(seen->as_object().at("canary").as_object());
  }
  return why;
}

PastView read_past(const json::object& body) {
  const auto& last = body.at("last_transition").as_object();
  PastView past;
  past.epoch = count_of(body, "epoch");
  past.revision = text_of(body, "revision");
  past.canary = text_of(body, "canary");
  past.ended = text_of(body, "ended");
  past.who = text_of(last, "who");
  past.reason = text_of(last, "reason");
  past.started_unix_ms = body.at("started_unix_ms").to_number<std::int64_t>();
  past.ended_unix_ms = last.at("unix_ms").to_number<std::int64_t>();
  past.greatest_weight_percent = number_of(body, "greatest_weight_percent");
  past.why = read_why(body);
  return past;
}

VersionView read_version(std::string_view name, const json::object& body) {
  return {printable(std::string(name)),
          text_of(body, "role"),
          count_of(body, "rollout_requests"),
          count_of(body, "rollout_errors"),
          count_of(body, "active"),
          count_of(body, "healthy"),
          body.at("endpoints").as_array().size(),
          body.at("panic").as_bool()};
}

/// What a proxy older than its hooks does not say.
void read_hooks(const json::object& body, RolloutView& view) {
  if (const auto* asked = body.if_contains("hooks_asked")) {
    for (const auto& name : asked->as_array()) {
      view.hooks_asked.push_back(printable(std::string(name.as_string())));
    }
  }
  if (const auto* notices = body.if_contains("notifications")) {
    view.notices_waiting = count_of(notices->as_object(), "waiting");
    view.notice_trouble = text_of(notices->as_object(), "trouble");
  }
}

/// Nothing where it is off, or the proxy is older.
std::optional<MirrorView> read_mirror(const json::object& rollout) {
  const auto* mirror = rollout.if_contains("mirror");
  if (mirror == nullptr || mirror->is_null()) return std::nullopt;
  const auto& body = mirror->as_object();
  return MirrorView{number_of(body, "share_percent"),
                    text_of(body, "to"),
                    count_of(body, "same_status"),
                    count_of(body, "other_status"),
                    count_of(body, "failed"),
                    count_of(body, "dropped"),
                    number_within(body, "mean_original_seconds"),
                    number_within(body, "mean_copy_seconds")};
}

}  // namespace

RolloutView read_rollout(const json::value& value) {
  const auto& body = value.as_object();
  RolloutView view;
  view.service = text_of(body, "service");
  view.at = read_position(body);
  view.pause_reason = text_of(body, "pause_reason");
  view.revision = text_of(body, "revision");
  view.reason = text_of(body, "reason");
  view.stable = text_of(body, "stable");
  view.canary = text_of(body, "canary");
  view.persist_error = text_of(body, "persist_error");
  view.hold = text_within(body, "hold", "reason");
  view.freeze = text_within(body, "freeze", "text");
  view.held_seconds = number_of(body, "held_seconds");
  view.driver_timeout_seconds = number_of(body, "driver_timeout_seconds");
  view.step_requests = count_of(body, "step_requests");
  for (const auto& step : body.at("steps").as_array()) {
    view.steps.push_back(read_step(step.as_object()));
  }
  view.why = read_why(body);
  for (const auto& version : body.at("versions").as_object()) {
    view.versions.push_back(read_version(version.key(), version.value().as_object()));
  }
  read_hooks(body, view);
  view.mirror = read_mirror(body);
  return view;
}

EventView read_event(const json::value& data) {
  const auto& body = data.as_object();
  return {text_of(body, "service"), text_of(body, "kind"), text_of(body, "reason"),
          read_position(body), body.at("unix_ms").to_number<std::int64_t>()};
}

std::vector<PastView> read_history(const json::value& body) {
  std::vector<PastView> past;
  for (const auto& rollout : body.as_object().at("rollouts").as_array()) {
    past.push_back(read_past(rollout.as_object()));
  }
  return past;
}

std::string printable(std::string text) {
  bool after_c2 = false;
  for (char& each : text) {
    const auto octet = static_cast<unsigned char>(each);
    if (octet < 0x20 || octet == 0x7f || (after_c2 && octet < 0xa0)) each = '?';
    after_c2 = octet == 0xc2;
  }
  return text;
}

}  // namespace weir::cli
