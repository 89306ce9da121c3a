#pragma once
#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/rollout_view.h"

namespace weir::cli {

/// Where a command that goes on shows what happens.
class Report {
 public:
  virtual ~Report() = default;
  /// `told`: what changed is told by `event`, before or after.
  virtual void status(const boost::json::value& body, bool told) = 0;
  virtual void event(const boost::json::value& data) = 0;
  /// A word about the connection: "the proxy is back".
  virtual void note(const std::string& text) = 0;
  /// How it ended; `body` may be null.
  virtual void last(const boost::json::value& body) = 0;
};

/// A panel on a terminal; elsewhere a line for each event or, with `json`, the event
/// itself. Lines and JSON end with the status.
std::unique_ptr<Report> make_report(bool json);

/// The rollout on standard output, once.
void print_status(const boost::json::value& body, bool json);

/// Past rollouts, newest first; as text with a few sample requests of each.
void print_history(const boost::json::value& body, bool json);

}  // namespace weir::cli
