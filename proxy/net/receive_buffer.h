#pragma once
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace weir::net {

/// Bytes received and not yet used, contiguous. Views into it die with `space`
/// and `reserve`.
class ReceiveBuffer {
 public:
  static constexpr std::size_t first_capacity = 8 * 1024;

  std::string_view bytes() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
  /// The same bytes, for decoding in place.
  char* mutable_bytes() noexcept { return data_.get() + begin_; }
  bool empty() const noexcept { return begin_ == end_; }
  std::size_t size() const noexcept { return end_ - begin_; }
  std::size_t capacity() const noexcept { return capacity_; }

  void consume(std::size_t count) noexcept {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Room for more at the end; allocates or moves bytes forward where it must.
  /// Size 0 only where the buffer is full at its capacity.
  boost::asio::mutable_buffer space() {
    if (capacity_ == 0) reserve(first_capacity);
    if (end_ == capacity_ && begin_ > 0) compact();
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t count) noexcept { end_ += count; }

  /// Grows to at least `capacity`; never shrinks.
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    std::unique_ptr<char[]> larger(new char[capacity]);
    if (!empty()) std::memcpy(larger.get(), data_.get() + begin_, size());
    end_ = size();
    begin_ = 0;
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  /// Gives the memory back. Only while empty.
  void release() noexcept {
    data_.reset();
    capacity_ = begin_ = end_ = 0;
  }

  void append(std::string_view more) {
    reserve(size() + more.size());
    const auto room = space();
    std::memcpy(room.data(), more.data(), more.size());
    commit(more.size());
  }

 private:
  void compact() noexcept {
    std::memmove(data_.get(), data_.get() + begin_, size());
    end_ = size();
    begin_ = 0;
  }

  std::unique_ptr<char[]> data_;
  std::size_t begin_ = 0, end_ = 0, capacity_ = 0;
};

}  // namespace weir::net
