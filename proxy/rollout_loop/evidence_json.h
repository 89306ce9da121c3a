#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>

#include "rollout_loop/past_rollout.h"

namespace weir::rollout_loop {

/// What a rollout is judged by, as the API, the events, the audit log and the history show it;
/// members as in the schemas `Evidence`, `Guard`, `SampleRequest`, `Seen`, `TransitionNote`.
boost::json::object to_json(const outcomes::EvidenceCounts& counts);
boost::json::object to_json(const rollout::Assessment& assessment);
boost::json::object to_json(const outcomes::SampleRequest& sample);
boost::json::object to_json(const rollout::SeenOfBoth& seen);
boost::json::object to_json(const TransitionNote& note);

/// A whole number where it is one: "5" reads better than "5E0".
boost::json::value in_units(std::int64_t parts, std::int64_t per_unit);

/// And back. Members that are missing have their defaults, unknown ones are passed over. Throw
/// `std::exception` on anything else.
rollout::Assessment read_assessment(const boost::json::object& body);
rollout::SeenOfBoth read_seen(const boost::json::object& body);
TransitionNote read_note(const boost::json::object& body);

}  // namespace weir::rollout_loop
