#pragma once
#include <string>
#include <vector>

#include "trial.h"

namespace weir::decisions {

/// One cell and what came of it, in the order of `contenders`.
struct Result {
  Cell cell;
  std::vector<Record> records;
};

/// A bar of the project, and whether this run meets it.
struct Gate {
  std::string name;
  double bar = 0;
  double measured = 0;
  bool at_most = true;  ///< else at least
  bool met = false;
};

/// The gates that the cells run are enough for. `loose`: for few runs, where noise alone may
/// miss a bar: false rollbacks count by the lower bound, the rest by four fifths of the bar.
std::vector<Gate> gates_of(const std::vector<Result>& results, bool loose);

}  // namespace weir::decisions
