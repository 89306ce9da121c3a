#pragma once
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::net {

using Block = std::unique_ptr<char[]>;

/// What a block has before its bytes. Large blocks begin with a page, as OpenSSL's do, whose
/// bytes lie 13 behind; from one such place to the other AMD's `rep movsb`, which is memcpy(3)
/// for a kilobyte or more, is twenty times slower than anywhere else.
inline constexpr std::size_t block_lead = 64;

inline Block new_block(std::size_t bytes) { return Block(new char[block_lead + bytes]); }

/// Memory of one size that is lent and given back all the time: what was given back last is
/// lent next, while it is in the processor's cache. At most `most` are kept. One thread.
template <std::size_t bytes, std::size_t most>
class SpareBlocks {
 public:
  Block take() {
    ++lent_;
    if (blocks_.empty()) return new_block(bytes);
    auto block = std::move(blocks_.back());
    blocks_.pop_back();
    return block;
  }
  void keep(Block block) noexcept {
    --lent_;
    if (blocks_.size() < blocks_.capacity()) blocks_.push_back(std::move(block));
  }
  /// Taken here and not given back.
  std::int64_t lent() const noexcept { return lent_; }
  /// The calling thread's.
  static SpareBlocks& here() noexcept {
    thread_local SpareBlocks blocks;
    return blocks;
  }

 private:
  SpareBlocks() { blocks_.reserve(most); }

  std::vector<Block> blocks_;
  std::int64_t lent_ = 0;
};

/// Bytes received and not yet used, contiguous. Views into it die with `space`, `room`
/// and `reserve`.
class ReceiveBuffer {
 public:
  static constexpr std::size_t first_capacity = 8 * 1024;
  static constexpr std::size_t large_capacity = 256 * 1024;
  static constexpr std::int64_t most_large = 64;

  ReceiveBuffer() = default;
  ReceiveBuffer(ReceiveBuffer&&) noexcept = default;
  ReceiveBuffer& operator=(ReceiveBuffer&&) noexcept = default;
  ~ReceiveBuffer() { give_back(); }

  std::string_view bytes() const noexcept { return {data() + begin_, end_ - begin_}; }
  /// The same bytes, for decoding in place.
  char* mutable_bytes() noexcept { return data() + begin_; }
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
    return {data() + end_, capacity_ - end_};
  }
  /// Room in any case: a full buffer grows.
  boost::asio::mutable_buffer room() {
    if (space().size() == 0) reserve(capacity_ * 2);
    return space();
  }
  void commit(std::size_t count) noexcept { end_ += count; }

  /// Grows to at least `capacity`; never shrinks.
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    auto larger = block_of(capacity);
    if (!empty()) std::memcpy(larger.get() + block_lead, data() + begin_, size());
    give_back();
    end_ = size();
    begin_ = 0;
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  /// Grows to `large_capacity`, unless `most_large` of this thread's buffers have: those whose
  /// receivers stop reading all at once must not take the memory of a machine.
  void grow_large() {
    if (LargeSpares::here().lent() < most_large) reserve(large_capacity);
  }

  /// Gives the memory back, of the two named sizes to the next buffer of this thread that asks
  /// for as much. Only while empty.
  void release() noexcept {
    give_back();
    capacity_ = begin_ = end_ = 0;
  }

  void append(std::string_view more) {
    reserve(size() + more.size());
    const auto room = space();
    std::memcpy(room.data(), more.data(), more.size());
    commit(more.size());
  }

 private:
  char* data() const noexcept { return data_ ? data_.get() + block_lead : nullptr; }

  using SmallSpares = SpareBlocks<first_capacity, 256>;
  using LargeSpares = SpareBlocks<large_capacity, 16>;

  static Block block_of(std::size_t capacity) {
    if (capacity == first_capacity) return SmallSpares::here().take();
    if (capacity == large_capacity) return LargeSpares::here().take();
    return new_block(capacity);
  }
  void give_back() noexcept {
    if (!data_) return;
    if (capacity_ == first_capacity) SmallSpares::here().keep(std::move(data_));
    if (capacity_ == large_capacity) LargeSpares::here().keep(std::move(data_));
    data_.reset();
  }
  void compact() noexcept {
    std::memmove(data(), data() + begin_, size());
    end_ = size();
    begin_ = 0;
  }

  Block data_;
  std::size_t begin_ = 0, end_ = 0, capacity_ = 0;
};

}  // namespace weir::net
