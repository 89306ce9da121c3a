#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

/// Where a rollout stands, as far as a change of it is worth a line.
struct Position {
  std::uint64_t epoch = 0;
  std::string phase;
  double weight_percent = 0;
  std::uint64_t step = 0;
  bool operator==(const Position&) const = default;
};

struct StepView {
  double weight_percent = 0, hold_seconds = 0;
  std::uint64_t min_requests = 0;
  bool manual_gate = false;
};

struct GuardView {
  std::string guard, verdict, reason, measure;
  double value = 0, threshold = 0;
  std::uint64_t stable_requests = 0, canary_requests = 0;
  std::optional<double> ratio{};
};

/// A request that spoke against its version.
struct SampleView {
  std::int64_t unix_ms = 0;
  std::string method, path, ending, request_id, trace_id;
  std::uint64_t status = 0;
  double latency_seconds = 0;
};

/// What one version did in a rollout.
struct SeenView {
  std::uint64_t requests = 0, errors = 0, slow = 0;
  std::vector<SampleView> samples;
};

/// Why a rollout went the way it did. A proxy of an earlier version says nothing of it.
struct WhyView {
  std::string guard;  ///< that acted last; empty: none did
  std::vector<GuardView> guards;
  SeenView stable, canary;
};

struct VersionView {
  std::string name, role;
  std::uint64_t requests = 0, errors = 0;  ///< since the rollout began
  std::uint64_t active = 0, healthy = 0, endpoints = 0;
  bool panic = false;
};

/// What came of the copies that the canary was sent.
struct MirrorView {
  double share_percent = 0;
  std::string to;
  std::uint64_t same_status = 0, other_status = 0, failed = 0, dropped = 0;
  std::optional<double> mean_original_seconds{}, mean_copy_seconds{};
  bool operator==(const MirrorView&) const = default;
};

/// What the commands read of the API's schema `Rollout`.
struct RolloutView {
  std::string service;
  Position at;
  std::string pause_reason, revision, reason, stable, canary, persist_error;
  std::string hold, freeze;  ///< for people; empty: there is none
  std::vector<StepView> steps;
  double held_seconds = 0, driver_timeout_seconds = 0;
  std::uint64_t step_requests = 0;
  WhyView why;
  std::vector<VersionView> versions;  ///< blue, green
  std::vector<std::string> hooks_asked;
  std::uint64_t notices_waiting = 0;
  std::string notice_trouble;
  std::optional<MirrorView> mirror;
};

/// Of schema `PastRollout`.
struct PastView {
  std::uint64_t epoch = 0;
  std::string revision, canary, ended, who, reason;
  std::int64_t started_unix_ms = 0, ended_unix_ms = 0;  ///< 0: not known
  double greatest_weight_percent = 0;
  WhyView why;
};

/// What the commands read of schema `Event`.
struct EventView {
  std::string service, kind, reason;
  Position at;
  std::int64_t unix_ms = 0;
};

/// All throw `std::exception` where a member is missing or of another type.
RolloutView read_rollout(const boost::json::value& body);
EventView read_event(const boost::json::value& data);
std::vector<PastView> read_history(const boost::json::value& body);

/// Fit for a terminal: control characters, also C1, become '?'.
std::string printable(std::string text);

}  // namespace weir::cli
