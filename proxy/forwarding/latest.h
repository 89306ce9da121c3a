#pragma once
#include <atomic>
#include <memory>

namespace weir::forwarding {

/// What one thread has to say to another, of which the latest counts. No locks; to look
/// whether there is anything costs one load.
template <class Message>
class Latest {
 public:
  Latest() = default;
  ~Latest() { delete message_.load(); }
  Latest(const Latest&) = delete;
  Latest& operator=(const Latest&) = delete;

  /// In place of one that was not taken.
  void put(std::unique_ptr<Message> message) noexcept {
    delete message_.exchange(message.release(), std::memory_order_acq_rel);
  }
  /// Null where nothing came since.
  std::unique_ptr<Message> take() noexcept {
    if (message_.load(std::memory_order_relaxed) == nullptr) return nullptr;
    return std::unique_ptr<Message>(message_.exchange(nullptr, std::memory_order_acq_rel));
  }

 private:
  std::atomic<Message*> message_{nullptr};
};

}  // namespace weir::forwarding
