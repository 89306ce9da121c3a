#pragma once
#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstdint>

#include "forwarding/bell.h"
#include "model/short_text.h"
#include "model/version.h"

namespace weir::forwarding {

/// One exchange as the access log tells it. The query of the target is left out:
/// it may carry secrets.
struct AccessRecord {
  std::int64_t unix_ms = 0;
  std::uint64_t latency_us = 0;
  std::uint64_t epoch = 0;
  std::uint16_t status = 0;  ///< 0: no answer reached the client
  std::uint8_t attempts = 0;
  bool shielded = false;
  bool preview = false;
  bool refused = false;      ///< never reached a pool; `reason` says why
  std::uint64_t untold = 0;  ///< refusals of that reason since the last one in the log
  Version version = Version::blue;
  ShortText<46> client;
  ShortText<10> method;
  ShortText<64> service;
  ShortText<64> host;
  ShortText<128> request_id;
  ShortText<32> reason;
  ShortText<256> path;
};

/// A bounded way from one worker to the log's thread. A record that finds it full
/// is lost and counted: the log never holds up a request.
class AccessQueue {
 public:
  /// `bell`: wakes the log's thread; outlives this.
  AccessQueue(std::size_t capacity, Bell& bell) : records_(capacity), bell_(bell) {}

  /// The worker's thread.
  void push(const AccessRecord& record) {
    if (!records_.push(record)) lost_.fetch_add(1, std::memory_order_relaxed);
    bell_.ring();
  }
  /// The log's thread: hands every waiting record to `consume`, answers how many.
  template <class Consume>
  std::size_t drain(Consume&& consume) {
    return records_.consume_all(consume);
  }
  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  boost::lockfree::spsc_queue<AccessRecord> records_;
  Bell& bell_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace weir::forwarding
