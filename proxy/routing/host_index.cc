#include "routing/host_index.h"

#include <algorithm>
#include <array>

namespace weir::routing {
namespace {

constexpr std::size_t longest_host = 255;  // RFC 1035 §2.3.4

std::string_view without_port(std::string_view host) noexcept {
  if (host.starts_with('[')) {
    const auto close = host.find(']');
    return close == std::string_view::npos ? host : host.substr(0, close + 1);
  }
  return host.substr(0, host.find(':'));
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool takes(std::string_view prefix, std::string_view path) noexcept {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

HostIndex::HostIndex(const std::vector<ServicePlan>& services) {
  const auto add = [](PathRoutes& routes, std::string prefix, std::size_t service) {
    while (prefix.ends_with('/')) prefix.pop_back();
    routes.push_back({std::move(prefix), service});
    std::stable_sort(routes.begin(), routes.end(), [](const PathRoute& a, const PathRoute& b) {
      return a.prefix.size() > b.prefix.size();
    });
  };
  for (std::size_t i = 0; i < services.size(); ++i) {
    const auto& [hosts, prefix] = services[i].match;
    if (hosts.empty()) add(any_, prefix, i);
    for (const auto& host : hosts) add(routes_of(host), prefix, i);
  }
}

HostIndex::PathRoutes& HostIndex::routes_of(const std::string& host) {
  return host.starts_with("*.") ? wildcard_[host.substr(2)] : exact_[host];
}

std::optional<std::size_t> HostIndex::match(const PathRoutes& routes,
                                            std::string_view path) noexcept {
  for (const auto& route : routes) {
    if (takes(route.prefix, path)) return route.service;
  }
  return std::nullopt;
}

std::optional<std::size_t> HostIndex::find(std::string_view host,
                                           std::string_view path) const noexcept {
  if (exact_.empty() && wildcard_.empty()) return match(any_, path);
  std::array<char, longest_host> lowered;
  host = without_port(host);
  if (host.size() > lowered.size()) return match(any_, path);
  std::transform(host.begin(), host.end(), lowered.begin(), lower);
  const std::string_view name(lowered.data(), host.size());
  if (const auto found = exact_.find(name); found != exact_.end()) {
    if (const auto service = match(found->second, path)) return service;
  }
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    const auto found = wildcard_.find(name.substr(dot + 1));
    if (found == wildcard_.end()) continue;
    if (const auto service = match(found->second, path)) return service;
  }
  return match(any_, path);
}

}  // namespace weir::routing
