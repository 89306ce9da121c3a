#pragma once

namespace weir::server {

/// Asks the scheduler to give the calling thread short turns, and therefore soon after it
/// wakes, also while the workers keep every core busy: a rollback or a scrape does not wait
/// for their turns to end. The share of the processor stays what it is, and no privilege is
/// needed. Kernels before 6.12, and sandboxes that forbid it, go on as before. Threads that
/// the caller starts later inherit it. sched(7), `sched_runtime`.
void ask_for_short_slices();

}  // namespace weir::server
