#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/freeze_window.h"
#include "model/instant.h"

namespace weir::rollout {

/// A freeze window that is open.
struct Freeze {
  std::string window;
  /// When none will be open any more, with those that follow on without a gap. Nothing: not in
  /// a year.
  std::optional<WallTime> until;
  TimeZone zone;
};

/// The first of them that is open; nothing: none is.
std::optional<Freeze> freeze_at(const std::vector<FreezeWindow>& windows, WallTime now);

/// "freeze window nights until 2026-11-27 08:00 Europe/Berlin".
std::string text_of(const Freeze& freeze);

}  // namespace weir::rollout
