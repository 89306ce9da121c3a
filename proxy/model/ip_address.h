#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// An IPv4 or IPv6 address; IPv4 is held as v4-mapped IPv6, so one compare serves both.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  /// "10.1.2.3", "2001:db8::1"; no brackets, no port, no zone. `nullopt` otherwise.
  static std::optional<IpAddress> parse(std::string_view text);
  bool is_v4() const noexcept;
  std::string text() const;
  bool operator==(const IpAddress&) const = default;
};

/// A block of addresses, "35.191.0.0/16"; a bare address is a block of one.
class Cidr {
 public:
  static std::optional<Cidr> parse(std::string_view text);
  bool contains(const IpAddress& address) const noexcept;
  /// Prefix length counted in the 128 bits of the mapped form.
  unsigned prefix_bits() const noexcept { return prefix_bits_; }
  const IpAddress& base() const noexcept { return base_; }
  bool operator==(const Cidr&) const = default;

 private:
  Cidr(IpAddress base, unsigned prefix_bits) : base_(base), prefix_bits_(prefix_bits) {}
  IpAddress base_;
  unsigned prefix_bits_;
};

bool contains(const std::vector<Cidr>& blocks, const IpAddress& address) noexcept;

}  // namespace weir
