#pragma once
#include <boost/json/object.hpp>
#include <string>

#include "rollout_loop/event_feed.h"
#include "rollout_loop/rollout_history.h"
#include "rollout_loop/service_status.h"

namespace weir::admin {

/// What the API shows of one service; members as in schema `Rollout` (`schemas.h`).
/// Weights are in percent, times in seconds.
boost::json::object to_json(const rollout_loop::ServiceStatus& status);

/// One transition; members as in schema `Event`.
boost::json::object to_json(const rollout_loop::Event& event);

/// The past rollouts of one service, newest first; members as in schema `History`.
boost::json::object to_json(const rollout_loop::RolloutHistory& history,
                            const std::string& service);

}  // namespace weir::admin
