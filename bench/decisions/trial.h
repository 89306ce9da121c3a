#pragma once
#include <cstdint>
#include <vector>

#include "cell.h"
#include "rule.h"

namespace weir::decisions {

/// What one contender did in all runs of a cell.
struct Record {
  std::uint64_t runs = 0;
  std::uint64_t false_rollbacks = 0;         ///< of a healthy canary: without a fault, or before it
  std::uint64_t missed = 0;                  ///< a fault that was not found within the horizon
  std::vector<std::uint64_t> delays;         ///< canary requests from the fault to the rollback
  std::vector<std::uint64_t> bad_responses;  ///< of canary, in that time
};

/// Of an unsorted list; runs that missed the fault count as endless. `nothing` where it is
/// among those, or there is no run.
inline constexpr double nothing = -1;
double quantile(const std::vector<std::uint64_t>& found, std::uint64_t missed, double share);
double mean(const std::vector<std::uint64_t>& found);  ///< of those found

/// 95 % bounds of a share (Wilson, JASA 22, 1927).
struct Bounds {
  double lower = 0, upper = 1;
};
Bounds wilson(std::uint64_t part, std::uint64_t whole);

/// Runs a cell; all contenders see the same traffic. `number` fixes the seeds.
std::vector<Record> try_out(const Cell& cell, std::uint64_t number, std::uint64_t runs,
                            const std::vector<Contender>& contenders);

}  // namespace weir::decisions
