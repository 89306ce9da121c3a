#include "gates.h"

#include <algorithm>

namespace weir::decisions {
namespace {

constexpr double alpha = 0.01, slack = 0.8;
constexpr std::size_t weir = 0, five_checks = 1;

struct DelayBar {
  double ratio, weight, median;
};
constexpr DelayBar delay_bars[] = {{3, 0.05, 540}, {10, 0.05, 52}, {50, 0.05, 7}};

struct SavingBar {
  double weight;
  std::uint64_t onset;
  double times;
};
constexpr SavingBar saving_bars[] = {
    {0.05, 0, 4.5}, {0.50, 0, 2.2}, {0.05, late_onset, 2.7}, {0.50, late_onset, 1.3}};

const Result* find(const std::vector<Result>& results, double weight, double ratio,
                   std::uint64_t onset) {
  const auto found = std::find_if(results.begin(), results.end(), [&](const Result& each) {
    const auto& cell = each.cell;
    return cell.shape == Shape::plain && cell.stable_rate == 0.01 && cell.weight == weight &&
           cell.ratio == ratio && cell.onset == onset;
  });
  return found == results.end() ? nullptr : &*found;
}

double median(const std::vector<std::uint64_t>& found, std::uint64_t missed) {
  return quantile(found, missed, 0.5);
}

Gate left_alone(const Result& result, bool loose) {
  const auto& record = result.records[weir];
  const auto bounds = wilson(record.false_rollbacks, record.runs);
  const double measured = loose ? bounds.lower : bounds.upper;
  return {"false rollbacks, " + result.cell.name(), alpha, measured, true, measured <= alpha};
}

Gate found_soon(const Result& result, double bar, bool loose) {
  const auto& record = result.records[weir];
  const double measured = median(record.delays, record.missed);
  const bool met = measured != nothing && measured <= (loose ? bar / slack : bar);
  return {"median canary requests, " + result.cell.name(), bar, measured, true, met};
}

Gate fewer_bad(const Result& result, double bar, bool loose) {
  const auto& ours = result.records[weir];
  const auto& theirs = result.records[five_checks];
  const double times = median(theirs.bad_responses, theirs.missed) /
                       std::max(1.0, median(ours.bad_responses, ours.missed));
  return {"times fewer bad responses, " + result.cell.name(), bar, times, false,
          times >= (loose ? bar * slack : bar)};
}

}  // namespace

std::vector<Gate> gates_of(const std::vector<Result>& results, bool loose) {
  std::vector<Gate> gates;
  for (const auto& result : results) {
    if (result.cell.is_healthy()) gates.push_back(left_alone(result, loose));
  }
  for (const auto& [ratio, weight, bar] : delay_bars) {
    if (const auto* result = find(results, weight, ratio, 0)) {
      gates.push_back(found_soon(*result, bar, loose));
    }
  }
  for (const auto& [weight, onset, bar] : saving_bars) {
    if (const auto* result = find(results, weight, 3, onset)) {
      gates.push_back(fewer_bad(*result, bar, loose));
    }
  }
  return gates;
}

}  // namespace weir::decisions
