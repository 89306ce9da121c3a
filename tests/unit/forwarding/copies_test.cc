#include "forwarding/copies.h"

#include <gtest/gtest.h>

namespace weir::forwarding {
namespace {

/// Is among the copies while it lives.
class Sample : public CopyUnderWay {
 public:
  explicit Sample(Copies& copies) : copies_(copies) { copies_.enter(*this); }
  ~Sample() { copies_.leave(*this); }
  void cut_off() noexcept override { was_cut_off = true; }
  bool was_cut_off = false;

 private:
  Copies& copies_;
};

TEST(Copies, HaveSoManyPlacesForEachService) {
  Copies copies;
  auto first = copies.place(7, 2);
  const auto second = copies.place(7, 2);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(copies.place(7, 2)) << "all are taken";
  EXPECT_TRUE(copies.place(8, 2)) << "another service's are not";
  first.reset();
  EXPECT_TRUE(copies.place(7, 2)) << "one came back";
}

TEST(Copies, CountAndCutOffThoseUnderWay) {
  Copies copies;
  {
    const Sample ended(copies);
    EXPECT_EQ(copies.count(), 1U);
  }
  const Sample first(copies), second(copies);
  EXPECT_EQ(copies.count(), 2U);
  copies.cut_off();
  EXPECT_TRUE(first.was_cut_off && second.was_cut_off);
}

}  // namespace
}  // namespace weir::forwarding
