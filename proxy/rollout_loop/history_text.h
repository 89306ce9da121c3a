#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "rollout_loop/history.h"
#include "rollout_loop/sealed_text.h"

namespace weir::rollout_loop {

/// One rollout as the API and the file have it; members as in the schema `PastRollout`.
boost::json::object to_json(const PastRollout& rollout);

/// Text of a history file: a line `weir-history 1 sha256=…` over the JSON that follows.
std::string encode_history(const History& history);
/// Throws `StateError` on a foreign, damaged or newer text.
History decode_history(std::string_view text);

}  // namespace weir::rollout_loop
