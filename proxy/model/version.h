#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

/// The two pools of a service. Only names: either can be the old one.
enum class Version : std::uint8_t { blue = 0, green = 1 };

/// stable serves everything outside a rollout, canary is the pool being shifted to.
enum class Role : std::uint8_t { stable, canary };

inline constexpr std::array<Version, 2> both_versions{Version::blue, Version::green};

constexpr Version other(Version version) noexcept {
  return version == Version::blue ? Version::green : Version::blue;
}

constexpr std::size_t index_of(Version version) noexcept {
  return static_cast<std::size_t>(version);
}

constexpr std::string_view name_of(Version version) noexcept {
  return version == Version::blue ? "blue" : "green";
}

constexpr std::string_view name_of(Role role) noexcept {
  return role == Role::stable ? "stable" : "canary";
}

constexpr std::optional<Version> version_named(std::string_view name) noexcept {
  if (name == "blue") return Version::blue;
  if (name == "green") return Version::green;
  return std::nullopt;
}

/// One value for each version, indexed by it.
template <class T>
struct PerVersion {
  std::array<T, 2> values{};
  constexpr T& operator[](Version version) noexcept { return values[index_of(version)]; }
  constexpr const T& operator[](Version version) const noexcept {
    return values[index_of(version)];
  }
  bool operator==(const PerVersion&) const = default;
};

}  // namespace weir
