#include "outcomes/mirror_tally.h"

#include <algorithm>
#include <functional>

namespace weir::outcomes {
namespace {

template <std::size_t size>
void add(std::array<std::uint64_t, size>& sums, const std::array<std::uint64_t, size>& more) {
  std::transform(sums.begin(), sums.end(), more.begin(), sums.begin(), std::plus<>());
}

template <std::size_t size>
std::array<std::uint64_t, size> read_all(const std::array<Cell, size>& cells) noexcept {
  std::array<std::uint64_t, size> values{};
  std::transform(cells.begin(), cells.end(), values.begin(),
                 [](const Cell& cell) { return cell.get(); });
  return values;
}

}  // namespace

std::string_view name_of(MirrorResult result) noexcept {
  switch (result) {
    case MirrorResult::same_status:
      return "same_status";
    case MirrorResult::other_status:
      return "other_status";
    case MirrorResult::failed:
      return "failed";
    case MirrorResult::dropped:
      return "dropped";
  }
  return "";
}

MirrorCounts& MirrorCounts::operator+=(const MirrorCounts& more) noexcept {
  add(by_result, more.by_result);
  for (std::size_t i = 0; i < code_classes; ++i) add(by_classes[i], more.by_classes[i]);
  add(original_latency, more.original_latency);
  add(copy_latency, more.copy_latency);
  original_ns += more.original_ns;
  copy_ns += more.copy_ns;
  return *this;
}

void MirrorTally::compare(const MirrorAnswer& original, const MirrorAnswer& copy) noexcept {
  const bool same = original.status == copy.status;
  of(same ? MirrorResult::same_status : MirrorResult::other_status).add(1);
  by_classes_[class_of(original.status)][class_of(copy.status)].add(1);
  original_latency_[bucket_of(original.latency)].add(1);
  copy_latency_[bucket_of(copy.latency)].add(1);
  original_ns_.add(nanoseconds_in(original.latency));
  copy_ns_.add(nanoseconds_in(copy.latency));
}

void MirrorTally::count_failed() noexcept { of(MirrorResult::failed).add(1); }

void MirrorTally::count_dropped() noexcept { of(MirrorResult::dropped).add(1); }

MirrorCounts MirrorTally::read() const noexcept {
  MirrorCounts counts;
  counts.by_result = read_all(by_result_);
  for (std::size_t i = 0; i < code_classes; ++i) counts.by_classes[i] = read_all(by_classes_[i]);
  counts.original_latency = read_all(original_latency_);
  counts.copy_latency = read_all(copy_latency_);
  counts.original_ns = original_ns_.get();
  counts.copy_ns = copy_ns_.get();
  return counts;
}

}  // namespace weir::outcomes
