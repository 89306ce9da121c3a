#pragma once
#include <iosfwd>
#include <vector>

#include "gates.h"
#include "rule.h"

namespace weir::decisions {

/// Tables in Markdown: a row for each cell, then the gates.
void print_tables(std::ostream& out, const std::vector<Result>& results,
                  const std::vector<Contender>& contenders, const std::vector<Gate>& gates);

/// Everything, for plots and comparisons.
void write_json(std::ostream& out, const std::vector<Result>& results,
                const std::vector<Contender>& contenders, const std::vector<Gate>& gates);

}  // namespace weir::decisions
