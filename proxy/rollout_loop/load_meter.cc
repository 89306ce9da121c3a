#include "rollout_loop/load_meter.h"

namespace weir::rollout_loop {
namespace {

constexpr Milliseconds apart{1'000}, span{10'000};

std::uint64_t requests_in(const PerVersion<outcomes::Counts>& counts) noexcept {
  return counts[Version::blue].requests() + counts[Version::green].requests();
}

}  // namespace

LoadMeter::LoadMeter(const PerVersion<outcomes::Counts>& counts, Instant now)
    : readings_{{requests_in(counts), now}} {}

void LoadMeter::read(const PerVersion<outcomes::Counts>& counts, Instant now) {
  if (now - readings_.back().at < apart) return;
  readings_.push_back({requests_in(counts), now});
  while (readings_.size() > 2 && now - readings_[1].at >= span) readings_.pop_front();
}

double LoadMeter::per_second() const noexcept {
  const auto& first = readings_.front();
  const auto& last = readings_.back();
  const std::chrono::duration<double> passed = last.at - first.at;
  if (passed <= passed.zero()) return 0;
  return static_cast<double>(last.requests - first.requests) / passed.count();
}

}  // namespace weir::rollout_loop
