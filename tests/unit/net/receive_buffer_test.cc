#include "net/receive_buffer.h"

#include <gtest/gtest.h>

#include <deque>

namespace weir::net {
namespace {

TEST(ReceiveBuffer, LendsWhatWasGivenBackLast) {
  ReceiveBuffer one, other;
  const void* const memory = one.space().data();
  EXPECT_NE(other.space().data(), memory);
  one.release();
  EXPECT_EQ(one.capacity(), 0U);
  ReceiveBuffer next;
  EXPECT_EQ(next.space().data(), memory);
}

TEST(ReceiveBuffer, GrowsWhereItIsFullAndKeepsItsBytes) {
  ReceiveBuffer buffer;
  buffer.append(std::string(ReceiveBuffer::first_capacity, 'x'));
  EXPECT_EQ(buffer.space().size(), 0U);
  EXPECT_EQ(buffer.room().size(), ReceiveBuffer::first_capacity);
  EXPECT_EQ(buffer.bytes(), std::string(ReceiveBuffer::first_capacity, 'x'));
}

TEST(ReceiveBuffer, IsLargeOnlyAsLongAsFewAre) {
  std::deque<ReceiveBuffer> buffers(ReceiveBuffer::most_large);
  for (auto& each : buffers) {
    each.grow_large();
    EXPECT_EQ(each.capacity(), ReceiveBuffer::large_capacity);
  }
  ReceiveBuffer refused;
  refused.grow_large();
  EXPECT_EQ(refused.capacity(), 0U);
  buffers.pop_front();
  refused.grow_large();
  EXPECT_EQ(refused.capacity(), ReceiveBuffer::large_capacity);
}

}  // namespace
}  // namespace weir::net
