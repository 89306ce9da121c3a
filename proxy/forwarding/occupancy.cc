#include "forwarding/occupancy.h"

namespace weir::forwarding {

std::size_t Occupancy::Hash::operator()(const IpAddress& address) const noexcept {
  const auto* bytes = reinterpret_cast<const char*>(address.bytes.data());
  return std::hash<std::string_view>{}({bytes, address.bytes.size()});
}

bool Occupancy::enter(const IpAddress& address, std::uint32_t most) {
  auto& stripe = stripe_of(address);
  const std::lock_guard lock(stripe.mutex);
  auto& count = stripe.counts[address];
  if (count >= most) return false;
  ++count;
  return true;
}

void Occupancy::leave(const IpAddress& address) {
  auto& stripe = stripe_of(address);
  const std::lock_guard lock(stripe.mutex);
  const auto found = stripe.counts.find(address);
  if (--found->second == 0) stripe.counts.erase(found);
}

}  // namespace weir::forwarding
