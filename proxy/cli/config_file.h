#pragma once
#include <optional>
#include <string>

#include "model/plan.h"

namespace weir::cli {

/// The plan in a file. Nothing where there is a mistake: a line for each is on standard error.
std::optional<Plan> read_config(const std::string& file);

}  // namespace weir::cli
