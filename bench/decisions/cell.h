#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace weir::decisions {

/// What the traffic of a cell does besides failing at a rate.
enum class Shape : std::uint8_t {
  plain,          ///< independent requests
  diurnal,        ///< load and error rate of both follow a day of two hours, by a factor of nine
  clustered,      ///< errors of both come in clusters of three minutes, ten times as dense
  outage,         ///< for 1,000 canary requests both fail at 20 % or more
  bursts,         ///< each client that fails tries ten times, on the same version
  heavy_clients,  ///< canary's clients happen to ask more: half as much again as its weight
  ramp,           ///< weights 5, 25, 50, 90 and 100 %, whatever the cell's
};

std::string name_of(Shape shape);

/// One combination that is simulated many times.
struct Cell {
  Shape shape = Shape::plain;
  double stable_rate = 0.01;  ///< of errors
  double weight = 0.05;
  double ratio = 1;         ///< canary's rate by stable's from `onset` on
  std::uint64_t onset = 0;  ///< canary requests before

  bool is_healthy() const noexcept { return ratio == 1; }
  std::string name() const;  ///< "plain p=1% w=5% x3 late"
};

/// All that is possible: no rate above one, a late onset only where there is a fault.
std::vector<Cell> all_cells();

/// Canary requests that a run has to find a fault in, and without one to be left alone for.
inline constexpr std::uint64_t horizon = 20'000;
inline constexpr std::uint64_t late_onset = 10'000;

}  // namespace weir::decisions
