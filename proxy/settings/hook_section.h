#pragma once
#include <vector>

#include "model/notification_plan.h"
#include "model/rollout_policy.h"
#include "settings/section.h"

namespace weir::settings {

/// `rollout`: the section the hooks are listed in.
std::vector<Hook> read_hooks(const Section& rollout);

NotificationPlan read_notifications(const Section& section);

}  // namespace weir::settings
