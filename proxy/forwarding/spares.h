#pragma once
#include <memory>
#include <utility>
#include <vector>

namespace weir::forwarding {

/// Things that are lent and given back all the time: what was given back last is lent next,
/// while it is in the processor's cache. One thread.
template <class Thing>
class Spares {
 public:
  std::unique_ptr<Thing> take() {
    if (spare_.empty()) return std::make_unique<Thing>();
    auto thing = std::move(spare_.back());
    spare_.pop_back();
    return thing;
  }
  /// Dropped where there are many.
  void keep(std::unique_ptr<Thing> thing) {
    constexpr std::size_t most = 256;
    if (spare_.size() < most) spare_.push_back(std::move(thing));
  }

 private:
  std::vector<std::unique_ptr<Thing>> spare_;
};

}  // namespace weir::forwarding
