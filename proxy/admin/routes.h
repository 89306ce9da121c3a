#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "admin/message.h"
#include "rollout/decide.h"

namespace weir::admin {

enum class Operation : std::uint8_t {
  health,
  readiness,
  metrics,
  document,
  list_services,
  show_rollout,
  show_history,
  act,
  stream_events
};

/// One line of the API: what serves it and what its document says of it.
struct Route {
  Verb method = Verb::get;
  std::string_view path;  ///< "{service}" stands for one segment
  Operation operation = Operation::health;
  std::string_view summary;
  std::string_view answer;  ///< schema of a 200, as in `schemas`; empty: plain text
  bool open = false;        ///< no token asked for, whoever the peer (see `access.h`)
  std::optional<rollout::Action> action{};
};

/// The whole API; nothing else is served, and /openapi.json is made of it.
std::span<const Route> routes() noexcept;

/// Where a request goes. Without a route: `allow` names the methods of that path (405),
/// or is empty (404).
struct Destination {
  const Route* route = nullptr;
  std::string service;
  std::string allow;
};

/// HEAD goes where GET goes, but never to the event stream.
Destination find_route(Verb method, std::string_view path);

}  // namespace weir::admin
