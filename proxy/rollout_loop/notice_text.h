#pragma once
#include <string>

#include "model/notification_plan.h"
#include "rollout_loop/event_feed.h"

namespace weir::rollout_loop {

/// The body that tells a webhook of a transition. `json`: all about it, with its `id`. `slack`: a
/// `text` in Slack's markup and nothing else, which is what Slack takes.
std::string notice_body(WebhookPlan::Format format, const Event& event, const std::string& id);

}  // namespace weir::rollout_loop
