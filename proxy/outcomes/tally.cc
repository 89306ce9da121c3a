#include "outcomes/tally.h"

#include <algorithm>
#include <numeric>

namespace weir::outcomes {
namespace {

template <std::size_t size, class Change>
void each(std::array<std::uint64_t, size>& cells, const std::array<std::uint64_t, size>& others,
          Change change) noexcept {
  for (std::size_t i = 0; i < size; ++i) change(cells[i], others[i]);
}

template <class Change>
void each(Counts& counts, const Counts& others, Change change) noexcept {
  each(counts.by_class, others.by_class, change);
  each(counts.by_latency, others.by_latency, change);
  for (const auto member :
       {&Counts::latency_ns, &Counts::client_aborts, &Counts::retries, &Counts::shielded,
        &Counts::budget_exhausted, &Counts::connects, &Counts::connect_failures, &Counts::overflows,
        &Counts::idle_overflows, &Counts::tunnels_opened, &Counts::tunnels_closed,
        &Counts::tunnels_switched, &Counts::keys_refused, &Counts::evidence_requests,
        &Counts::evidence_errors, &Counts::evidence_slow}) {
    change(counts.*member, others.*member);
  }
}

}  // namespace

std::size_t class_of(std::uint16_t status) noexcept {
  return std::min<std::size_t>(status / 100U, code_classes - 1);
}

// Sums comparisons instead of branching on them: latencies are unpredictable.
std::size_t bucket_of(std::chrono::nanoseconds latency) noexcept {
  std::size_t bucket = 0;
  for (const auto bound : latency_bounds_ms) {
    bucket += latency > std::chrono::milliseconds(bound) ? 1U : 0U;
  }
  return bucket;
}

std::uint64_t nanoseconds_in(std::chrono::nanoseconds latency) noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
}

std::uint64_t Counts::requests() const noexcept {
  return std::accumulate(by_class.begin(), by_class.end(), std::uint64_t{0});
}

Counts& Counts::operator+=(const Counts& more) noexcept {
  each(*this, more, [](std::uint64_t& cell, std::uint64_t other) { cell += other; });
  return *this;
}

Counts Counts::operator-(const Counts& less) const noexcept {
  Counts difference = *this;
  each(difference, less, [](std::uint64_t& cell, std::uint64_t other) { cell -= other; });
  return difference;
}

void Tally::record(const Outcome& outcome, bool slow) noexcept {
  by_class_[class_of(outcome.status)].add(1);
  by_latency_[bucket_of(outcome.latency)].add(1);
  latency_ns_.add(nanoseconds_in(outcome.latency));
  if (outcome.ending == Ending::client_aborted) client_aborts_.add(1);
  if (outcome.ending == Ending::overflow) overflows_.add(1);
  if (!is_evidence(outcome)) return;
  evidence_requests_.add(1);  // first: see `read`
  if (is_error(outcome)) evidence_errors_.add(1);
  if (slow) evidence_slow_.add(1);
}

void Tally::count_retry() noexcept { retries_.add(1); }

void Tally::count_shielded() noexcept { shielded_.add(1); }

void Tally::count_budget_exhausted() noexcept { budget_exhausted_.add(1); }

void Tally::count_connect(bool succeeded) noexcept {
  (succeeded ? connects_ : connect_failures_).add(1);
}

void Tally::count_idle_overflow() noexcept { idle_overflows_.add(1); }
void Tally::tunnel_opened() noexcept { tunnels_opened_.add(1); }

void Tally::tunnel_closed() noexcept { tunnels_closed_.add(1); }

void Tally::tunnel_switched() noexcept { tunnels_switched_.add(1); }

void Tally::count_refused_key() noexcept { keys_refused_.add(1); }

void Tally::exchange_started() noexcept { started_.add(1); }

void Tally::exchange_ended() noexcept { ended_.add(1); }

Counts Tally::read() const noexcept {
  Counts counts;
  // Parts before their whole, so that a share never comes out above one.
  counts.evidence_errors = evidence_errors_.get();
  counts.evidence_slow = evidence_slow_.get();
  counts.evidence_requests = evidence_requests_.get();
  for (std::size_t i = 0; i < code_classes; ++i) counts.by_class[i] = by_class_[i].get();
  for (std::size_t i = 0; i < latency_buckets; ++i) counts.by_latency[i] = by_latency_[i].get();
  counts.latency_ns = latency_ns_.get();
  counts.client_aborts = client_aborts_.get();
  counts.retries = retries_.get();
  counts.shielded = shielded_.get();
  counts.budget_exhausted = budget_exhausted_.get();
  counts.connects = connects_.get();
  counts.connect_failures = connect_failures_.get();
  counts.overflows = overflows_.get();
  counts.idle_overflows = idle_overflows_.get();
  counts.tunnels_switched = tunnels_switched_.get();
  counts.tunnels_closed = tunnels_closed_.get();
  counts.tunnels_opened = tunnels_opened_.get();
  counts.keys_refused = keys_refused_.get();
  return counts;
}

std::uint64_t Tally::active() const noexcept {
  const auto ended = ended_.get();  // first, or an exchange between the two would make it negative
  return started_.get() - ended;
}

}  // namespace weir::outcomes
