#include "trial.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "traffic.h"

namespace weir::decisions {
namespace {

/// One contender in one run.
struct Entrant {
  Record* record;
  std::unique_ptr<Rule> rule;
};

std::vector<Entrant> entrants_of(const Cell& cell, std::uint64_t run,
                                 const std::vector<Contender>& contenders,
                                 std::vector<Record>& records) {
  std::vector<Entrant> entrants;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    const auto& contender = contenders[i];
    if (run % contender.one_run_in != 0 || contender.only.value_or(cell.shape) != cell.shape) {
      continue;
    }
    ++records[i].runs;
    entrants.push_back({&records[i], contender.make()});
  }
  return entrants;
}

void run_once(const Cell& cell, std::uint64_t seed, std::vector<Entrant> entrants) {
  Traffic traffic(cell, seed);
  std::uint64_t bad = 0;
  while (!entrants.empty() && traffic.canary_requests() < cell.onset + horizon) {
    const bool faulty = !cell.is_healthy() && traffic.canary_requests() >= cell.onset;
    const auto piece = traffic.next();
    if (faulty) bad += piece.canary.errors;
    std::erase_if(entrants, [&](Entrant& entrant) {
      if (!entrant.rule->rolls_back(piece, traffic.now())) return false;
      if (faulty) {
        entrant.record->delays.push_back(traffic.canary_requests() - cell.onset);
        entrant.record->bad_responses.push_back(bad);
      } else {
        ++entrant.record->false_rollbacks;
      }
      return true;
    });
  }
  if (cell.is_healthy()) return;
  for (auto& entrant : entrants) ++entrant.record->missed;
}

}  // namespace

double quantile(const std::vector<std::uint64_t>& found, std::uint64_t missed, double share) {
  const auto all = static_cast<double>(found.size() + missed);
  const auto place = static_cast<std::size_t>(share * all);
  if (place >= found.size()) return nothing;
  auto sorted = found;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(place),
                   sorted.end());
  return static_cast<double>(sorted[place]);
}

double mean(const std::vector<std::uint64_t>& found) {
  if (found.empty()) return nothing;
  const auto sum = std::accumulate(found.begin(), found.end(), std::uint64_t{0});
  return static_cast<double>(sum) / static_cast<double>(found.size());
}

Bounds wilson(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return {};
  constexpr double z = 1.96;
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n;
  const double middle = p + z * z / (2 * n);
  const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (middle - spread) / scale), (middle + spread) / scale};
}

std::vector<Record> try_out(const Cell& cell, std::uint64_t number, std::uint64_t runs,
                            const std::vector<Contender>& contenders) {
  constexpr std::uint64_t apart = 1'000'000;  // more than there are runs
  std::vector<Record> records(contenders.size());
  for (std::uint64_t run = 0; run < runs; ++run) {
    run_once(cell, number * apart + run, entrants_of(cell, run, contenders, records));
  }
  return records;
}

}  // namespace weir::decisions
