#include "cell.h"

#include "rollout/wording.h"

namespace weir::decisions {
namespace {

constexpr double rates[] = {0.001, 0.01, 0.05, 0.20};
constexpr double weights[] = {0.01, 0.05, 0.20, 0.50};
constexpr double ratios[] = {1, 1.5, 2, 3, 10, 50};
constexpr Shape unusual[] = {Shape::diurnal, Shape::clustered,     Shape::outage,
                             Shape::bursts,  Shape::heavy_clients, Shape::ramp};

void add_with_onsets(std::vector<Cell>& cells, Cell cell) {
  if (cell.stable_rate * cell.ratio > 1) return;
  cells.push_back(cell);
  cell.onset = late_onset;
  if (!cell.is_healthy()) cells.push_back(cell);
}

void add_plain(std::vector<Cell>& cells) {
  for (const auto rate : rates) {
    for (const auto weight : weights) {
      for (const auto ratio : ratios) {
        add_with_onsets(cells, {Shape::plain, rate, weight, ratio, 0});
      }
    }
  }
}

void add_unusual(std::vector<Cell>& cells, Shape shape) {
  for (const double rate : {0.01, 0.20}) {
    for (const double weight : {0.05, 0.50}) {
      if (shape == Shape::ramp && weight != 0.05) continue;
      for (const double ratio : {1.0, 3.0}) {
        add_with_onsets(cells, {shape, rate, weight, ratio, 0});
      }
    }
  }
}

}  // namespace

std::string name_of(Shape shape) {
  switch (shape) {
    case Shape::plain:
      return "plain";
    case Shape::diurnal:
      return "diurnal";
    case Shape::clustered:
      return "clustered";
    case Shape::outage:
      return "outage";
    case Shape::bursts:
      return "bursts";
    case Shape::heavy_clients:
      return "heavy clients";
    case Shape::ramp:
      return "ramp";
  }
  return "";
}

std::string Cell::name() const {
  using rollout::ratio_text;
  auto text = name_of(shape) + ' ' + ratio_text(stable_rate);
  if (!is_healthy()) text += " to " + ratio_text(stable_rate * ratio);
  if (shape != Shape::ramp) text += " at " + ratio_text(weight);
  return onset > 0 ? text + ", late" : text;
}

std::vector<Cell> all_cells() {
  std::vector<Cell> cells;
  add_plain(cells);
  for (const auto shape : unusual) add_unusual(cells, shape);
  return cells;
}

}  // namespace weir::decisions
