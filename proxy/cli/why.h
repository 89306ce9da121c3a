#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/rollout_view.h"

namespace weir::cli {

/// "12.5%"
std::string percent_of(double percent);
/// "12:00:01", UTC.
std::string clock_text(std::int64_t unix_ms);
/// "evidence 240 of 100", "0.5% of 2%"
std::string measured(const GuardView& guard);

/// Why a rollout went the way it did: the guard that acted, what both versions did, and of each
/// up to `most_samples` requests to look for in their logs. Nothing where nothing is known.
std::vector<std::string> why_lines(const WhyView& why, std::size_t most_samples);

/// A past rollout: a line on how it ended, its reason, and the lines above.
std::vector<std::string> past_lines(const PastView& past, std::size_t most_samples);

}  // namespace weir::cli
