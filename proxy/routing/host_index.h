#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/plan.h"

namespace weir::routing {

/// Finds the service of a request: exact host before the longest wildcard before
/// any host; within a host the longest path prefix, by whole segments. A host whose
/// prefixes do not fit falls through to the less specific one. Immutable.
class HostIndex {
 public:
  explicit HostIndex(const std::vector<ServicePlan>& services);

  /// Position of the service in the list given. Never throws, never allocates.
  std::optional<std::size_t> find(std::string_view host, std::string_view path) const noexcept;

 private:
  struct PathRoute {
    std::string prefix;  ///< without a trailing slash
    std::size_t service;
  };
  using PathRoutes = std::vector<PathRoute>;  ///< longest prefix first

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  using HostMap = std::unordered_map<std::string, PathRoutes, Hash, std::equal_to<>>;

  PathRoutes& routes_of(const std::string& host);
  static std::optional<std::size_t> match(const PathRoutes& routes, std::string_view path) noexcept;

  HostMap exact_;
  HostMap wildcard_;  ///< "*.example.com" under "example.com"
  PathRoutes any_;
};

}  // namespace weir::routing
