#include "server/memory_gauge.h"

#include <gtest/gtest.h>

#include <fstream>

namespace weir::server {
namespace {

namespace fs = std::filesystem;
using forwarding::MemoryPressure;

constexpr std::uint64_t mib = 1024 * 1024;

/// A file system that says what a kernel would.
class MemoryGaugeTest : public testing::Test {
 protected:
  MemoryGaugeTest()
      : root(fs::path(testing::TempDir()) /
             testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(root);
  }
  ~MemoryGaugeTest() override { fs::remove_all(root); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((root / name).parent_path());
    std::ofstream(root / name) << text;
  }

  fs::path root;
};

TEST_F(MemoryGaugeTest, ReadsItsCgroupWithoutThePageCacheItCouldGiveUp) {
  write("proc/self/cgroup", "0::/pods/weir\n");
  write("sys/fs/cgroup/pods/weir/memory.max", "1048576000\n");
  write("sys/fs/cgroup/pods/weir/memory.current", "900000000\n");
  write("sys/fs/cgroup/pods/weir/memory.stat", "anon 700000000\ninactive_file 100000000\n");
  const auto reading = MemoryGauge(root).read({}, Instant{});
  EXPECT_EQ(reading.used_bytes, 800'000'000U);
  EXPECT_EQ(reading.most_bytes, 1'048'576'000U);
}

TEST_F(MemoryGaugeTest, FindsItsCgroupAtTheRootOfAContainer) {
  write("proc/self/cgroup", "0::/../../kubepods/weir\n");
  write("sys/fs/cgroup/memory.max", "1000\n");
  write("sys/fs/cgroup/memory.current", "10\n");
  EXPECT_EQ(MemoryGauge(root).read({}, Instant{}).most_bytes, 1000U);
}

TEST_F(MemoryGaugeTest, ReadsVersionOne) {
  write("proc/self/cgroup", "12:pids:/pod\n4:cpu,memory:/pod\n");
  write("sys/fs/cgroup/memory/pod/memory.limit_in_bytes", "5000\n");
  write("sys/fs/cgroup/memory/pod/memory.usage_in_bytes", "4000\n");
  write("sys/fs/cgroup/memory/pod/memory.stat", "total_inactive_file 500\n");
  const auto reading = MemoryGauge(root).read({}, Instant{});
  EXPECT_EQ(reading.used_bytes, 3500U);
  EXPECT_EQ(reading.most_bytes, 5000U);
}

TEST_F(MemoryGaugeTest, KnowsNoLimitWhereThereIsNone) {
  EXPECT_EQ(MemoryGauge(root).read({}, Instant{}).most_bytes, 0U);
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "max\n");
  write("sys/fs/cgroup/memory.current", "10\n");
  EXPECT_EQ(MemoryGauge(root).read({}, Instant{}).most_bytes, 0U);
  write("proc/self/cgroup", "4:memory:/\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/memory.usage_in_bytes", "10\n");
  EXPECT_EQ(MemoryGauge(root).read({}, Instant{}).most_bytes, 0U);
}

TEST_F(MemoryGaugeTest, AsksForTheCacheAgainBeforeItSpeaksOfPressure) {
  const MemoryPlan plan;
  MemoryGauge gauge(root);
  const auto used = [&](const char* bytes) {
    write("sys/fs/cgroup/memory.current", bytes);
    return gauge.read(plan, Instant{}).used_bytes;
  };
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "1000\n");
  write("sys/fs/cgroup/memory.stat", "inactive_file 50\n");
  EXPECT_EQ(used("500"), 450U);
  write("sys/fs/cgroup/memory.stat", "inactive_file 300\n");
  EXPECT_EQ(used("600"), 550U) << "as it was";
  EXPECT_EQ(used("1000"), 700U) << "and 1000 - 50 would be more than 92 %";
}

TEST_F(MemoryGaugeTest, LearnsOfANewLimitWithinTenSeconds) {
  MemoryGauge gauge(root);
  EXPECT_EQ(gauge.read({}, Instant{}).most_bytes, 0U);
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "1000\n");
  write("sys/fs/cgroup/memory.current", "10\n");
  EXPECT_EQ(gauge.read({}, Instant{} + Milliseconds(9'999)).most_bytes, 0U);
  EXPECT_EQ(gauge.read({}, Instant{} + Milliseconds(10'000)).most_bytes, 1000U);
}

TEST_F(MemoryGaugeTest, GoesByTheConfiguredLimitAndItsOwnResidentSet) {
  MemoryPlan plan;
  plan.most_bytes = 512 * mib;
  const auto reading = MemoryGauge().read(plan, Instant{});
  EXPECT_EQ(reading.most_bytes, 512 * mib);
  EXPECT_GT(reading.used_bytes, mib);
  EXPECT_LT(reading.used_bytes, 512 * mib);
}

TEST(MemoryPressure, RisesWithTheShareInUse) {
  const MemoryPlan plan;  // 92 %, 95 %
  EXPECT_EQ(pressure_of({920, 1000}, plan), MemoryPressure::none);
  EXPECT_EQ(pressure_of({921, 1000}, plan), MemoryPressure::high);
  EXPECT_EQ(pressure_of({950, 1000}, plan), MemoryPressure::high);
  EXPECT_EQ(pressure_of({951, 1000}, plan), MemoryPressure::critical);
  EXPECT_EQ(pressure_of({951, 0}, plan), MemoryPressure::none) << "no limit is known";
}

}  // namespace
}  // namespace weir::server
