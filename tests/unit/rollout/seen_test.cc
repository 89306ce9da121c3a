#include "rollout/seen.h"

#include <gtest/gtest.h>

namespace weir::rollout {
namespace {

TEST(Seen, KeepsTheLastTenSamplesOldestFirst) {
  Seen seen;
  outcomes::SampleRequest sample;
  for (std::uint16_t status = 0; status < 25; ++status) {
    sample.status = status;
    seen.add(sample);
    ASSERT_EQ(seen.samples.size(), std::min<std::size_t>(status + 1U, 10U));
    ASSERT_EQ(seen.samples.back().status, status);
  }
  EXPECT_EQ(seen.samples.front().status, 15);
}

}  // namespace
}  // namespace weir::rollout
