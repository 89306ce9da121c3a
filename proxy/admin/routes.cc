#include "admin/routes.h"

#include <array>

namespace weir::admin {
namespace {

using rollout::Action;

constexpr Route action_route(std::string_view path, Action action, std::string_view summary) {
  return {Verb::post, path, Operation::act, summary, "Rollout", false, action};
}

constexpr std::array table{
    Route{Verb::get, "/healthz", Operation::health, "The process is alive", "", true},
    Route{Verb::get, "/readyz", Operation::readiness, "Clients may be sent here", "", true},
    Route{Verb::get, "/metrics", Operation::metrics, "Prometheus metrics", "", true},
    Route{Verb::get, "/openapi.json", Operation::document, "This document", "Document"},
    Route{Verb::get, "/v1/services", Operation::list_services, "Every service and its rollout",
          "Services"},
    Route{Verb::get, "/v1/services/{service}/rollout", Operation::show_rollout,
          "Where the rollout of one service stands", "Rollout"},
    Route{Verb::get, "/v1/services/{service}/rollout/history", Operation::show_history,
          "Its past rollouts and how they ended, newest first", "History"},
    action_route("/v1/services/{service}/rollout/start", Action::start,
                 "Begin to shift traffic to the canary"),
    action_route("/v1/services/{service}/rollout/pause", Action::pause,
                 "Stand still at the present weight"),
    action_route("/v1/services/{service}/rollout/resume", Action::resume,
                 "Go on after a pause, a gate or a guard's hold"),
    action_route("/v1/services/{service}/rollout/promote", Action::promote,
                 "Enter the next step now, or the last one"),
    action_route("/v1/services/{service}/rollout/abort", Action::abort,
                 "Send all traffic back to stable at once"),
    action_route("/v1/services/{service}/rollout/retry", Action::retry,
                 "Begin again after a rollback"),
    action_route("/v1/services/{service}/rollout/undo", Action::undo,
                 "Swap back after a finished rollout"),
    action_route("/v1/services/{service}/rollout/set-weight", Action::set_weight,
                 "Stand still at a chosen weight"),
    action_route("/v1/services/{service}/rollout/heartbeat", Action::heartbeat,
                 "Say that the driver of the rollout is still there"),
    Route{Verb::get, "/v1/events", Operation::stream_events,
          "Transitions as they happen (server-sent events)", "Event"},
};

std::string_view take_segment(std::string_view& path) noexcept {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool matches(std::string_view path_template, std::string_view path, std::string& service) {
  while (path.starts_with('/') && path_template.starts_with('/')) {
    const auto wanted = take_segment(path_template);
    const auto found = take_segment(path);
    if (wanted == "{service}" && !found.empty()) {
      service = found;
    } else if (wanted != found) {
      return false;
    }
  }
  return path.empty() && path_template.empty();
}

bool serves(const Route& route, Verb method) noexcept {
  const bool head = method == Verb::head && route.operation != Operation::stream_events;
  return route.method == method || (head && route.method == Verb::get);
}

std::string_view methods_of(const Route& route) noexcept {
  if (route.method == Verb::post) return "POST";
  return route.operation == Operation::stream_events ? "GET" : "GET, HEAD";
}

}  // namespace

std::span<const Route> routes() noexcept { return table; }

Destination find_route(Verb method, std::string_view path) {
  Destination destination;
  for (const auto& route : table) {
    if (!matches(route.path, path, destination.service)) continue;
    if (serves(route, method)) {
      destination.route = &route;
    } else {
      destination.allow = methods_of(route);
    }
    break;
  }
  return destination;
}

}  // namespace weir::admin
