#pragma once
#include <cstdint>
#include <optional>
#include <utility>

namespace weir::forwarding {

/// One of a bounded number of places, given back at the end of its life.
class Place {
 public:
  /// Nothing where `most` are taken.
  static std::optional<Place> among(std::uint32_t& taken, std::uint32_t most) noexcept {
    if (taken >= most) return std::nullopt;
    return std::optional<Place>(std::in_place, taken);
  }
  explicit Place(std::uint32_t& taken) noexcept : taken_(&taken) { ++taken; }
  Place(Place&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (taken_ != nullptr) --*taken_;
  }

 private:
  std::uint32_t* taken_;
};

}  // namespace weir::forwarding
