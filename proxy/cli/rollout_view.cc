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

GuardView read_guard(const json::object& body) {
  return {text_of(body, "guard"),
          text_of(body, "verdict"),
          text_of(body, "reason"),
          text_of(body, "measure"),
          number_of(body, "value"),
          number_of(body, "threshold"),
          count_of(body.at("stable").as_object(), "requests"),
          count_of(body.at("canary").as_object(), "requests")};
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
  view.held_seconds = number_of(body, "held_seconds");
  view.driver_timeout_seconds = number_of(body, "driver_timeout_seconds");
  view.step_requests = count_of(body, "step_requests");
  for (const auto& step : body.at("steps").as_array()) {
    view.steps.push_back(read_step(step.as_object()));
  }
  for (const auto& guard : body.at("guards").as_array()) {
    view.guards.push_back(read_guard(guard.as_object()));
  }
  for (const auto& version : body.at("versions").as_object()) {
    view.versions.push_back(read_version(version.key(), version.value().as_object()));
  }
  read_hooks(body, view);
  return view;
}

EventView read_event(const json::value& data) {
  const auto& body = data.as_object();
  return {text_of(body, "service"), text_of(body, "kind"), text_of(body, "reason"),
          read_position(body), body.at("unix_ms").to_number<std::int64_t>()};
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
