#include "forwarding/copies.h"

namespace weir::forwarding {

std::optional<Place> Copies::place(std::size_t service, std::uint32_t most) {
  return Place::among(taken_[service], most);
}

void Copies::enter(CopyUnderWay& copy) noexcept {
  copies_.push_back(copy);
  count_.fetch_add(1, std::memory_order_relaxed);
}

void Copies::leave(CopyUnderWay& copy) noexcept {
  copies_.erase(copies_.iterator_to(copy));
  count_.fetch_sub(1, std::memory_order_release);
}

void Copies::cut_off() noexcept {
  for (auto& copy : copies_) copy.cut_off();
}

}  // namespace weir::forwarding
