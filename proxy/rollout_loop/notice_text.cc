#include "rollout_loop/notice_text.h"

#include <boost/json.hpp>
#include <string_view>

#include "rollout_loop/position.h"

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;

json::object whole(const Event& event, const std::string& id) {
  const auto& transition = event.transition;
  return {{"id", id},
          {"unix_ms", event.unix_ms},
          {"service", event.service},
          {"who", event.who},
          {"kind", transition.kind},
          {"reason", transition.reason},
          {"revision", transition.to.revision},
          {"from", position(transition.from)},
          {"to", position(transition.to)}};
}

/// Slack asks for these three to be escaped, and for no others.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char octet : text) {
    if (octet == '&') {
      result += "&amp;";
    } else if (octet == '<') {
      result += "&lt;";
    } else if (octet == '>') {
      result += "&gt;";
    } else {
      result += octet;
    }
  }
  return result;
}

/// "*shop* rollback: errors: canary 12.5% (5/40) …", then "v2: Degraded, blue stable, green at 0%".
std::string slack_text(const Event& event) {
  const auto& transition = event.transition;
  const auto& to = transition.to;
  const auto release = to.revision.empty() ? std::string() : escaped(to.revision) + ": ";
  return "*" + event.service + "* " + transition.kind + ": " + escaped(transition.reason) + "\n" +
         release + std::string(rollout::name_of(to.phase)) + ", " +
         std::string(name_of(to.stable)) + " stable, " + std::string(name_of(to.canary())) +
         " at " + percent_text(to.weight) + " (was " + percent_text(transition.from.weight) +
         "), by " + escaped(event.who);
}

}  // namespace

std::string notice_body(WebhookPlan::Format format, const Event& event, const std::string& id) {
  if (format == WebhookPlan::Format::slack) {
    return json::serialize(json::object{{"text", slack_text(event)}});
  }
  return json::serialize(whole(event, id));
}

}  // namespace weir::rollout_loop
