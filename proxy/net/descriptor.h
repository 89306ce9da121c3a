#pragma once
#include <utility>

namespace weir::net {

/// A file descriptor that is closed with this object.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int handle) noexcept : handle_(handle) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) reset(std::exchange(other.handle_, -1));
    return *this;
  }

  int get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ >= 0; }
  int release() noexcept { return std::exchange(handle_, -1); }
  void reset(int handle = -1) noexcept;
  /// Another one of the same file; empty where there are no more to be had.
  Descriptor duplicate() const noexcept;

 private:
  int handle_ = -1;
};

}  // namespace weir::net
