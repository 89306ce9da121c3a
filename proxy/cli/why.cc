#include "cli/why.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "rollout/wording.h"

namespace weir::cli {
namespace {

constexpr const char* indent = "  ";

std::string time_text(std::int64_t unix_ms, const char* format) {
  const std::time_t seconds = unix_ms / 1'000;
  std::tm utc{};
  std::array<char, 64> text{};
  if (::gmtime_r(&seconds, &utc) == nullptr) return "?";
  return {text.data(), std::strftime(text.data(), text.size(), format, &utc)};
}

std::string ratio_of(const GuardView& guard) {
  return guard.ratio ? rollout::amount_text(*guard.ratio) : "not known";
}

std::string guard_text(const GuardView& guard) {
  return indent + std::string("guard ") + guard.guard + ": " + measured(guard) + ", ratio " +
         ratio_of(guard) + "; requests " + std::to_string(guard.canary_requests) + " canary, " +
         std::to_string(guard.stable_requests) + " stable";
}

std::string seen_text(const char* role, const SeenView& seen) {
  return indent + std::string(role) + ": " + std::to_string(seen.requests) + " requests, " +
         std::to_string(seen.errors) + " errors, " + std::to_string(seen.slow) + " slow";
}

std::string sample_text(const SampleView& sample) {
  auto text = std::string(indent) + indent + clock_text(sample.unix_ms) + ' ' + sample.method +
              ' ' + sample.path + ' ' + std::to_string(sample.status);
  if (sample.ending != "answered") text += " (" + sample.ending + ')';
  return text + ", " + std::to_string(std::lround(sample.latency_seconds * 1'000)) +
         " ms, request " + sample.request_id + ", trace " + sample.trace_id;
}

void add_seen(std::vector<std::string>& lines, const char* role, const SeenView& seen,
              std::size_t most_samples) {
  lines.push_back(seen_text(role, seen));
  const auto shown = std::min(seen.samples.size(), most_samples);
  std::transform(seen.samples.end() - static_cast<std::ptrdiff_t>(shown), seen.samples.end(),
                 std::back_inserter(lines), &sample_text);
}

std::string span_text(const PastView& past) {
  if (past.ended_unix_ms == 0) return "end not known";
  auto text = time_text(past.ended_unix_ms, "%Y-%m-%d %H:%M:%S UTC");
  if (past.started_unix_ms == 0) return text;
  const auto lasted = std::max<std::int64_t>(past.ended_unix_ms - past.started_unix_ms, 0);
  return text + " after " + rollout::duration_text(Milliseconds(lasted / 100 * 100));
}

}  // namespace

std::string percent_of(double percent) { return rollout::ratio_text(percent / 100); }

std::string clock_text(std::int64_t unix_ms) { return time_text(unix_ms, "%H:%M:%S"); }

std::string measured(const GuardView& guard) {
  if (guard.measure == "evidence") {
    return "evidence " + rollout::amount_text(guard.value) + " of " +
           rollout::amount_text(guard.threshold);
  }
  return rollout::ratio_text(guard.value) + " of " + rollout::ratio_text(guard.threshold);
}

std::vector<std::string> why_lines(const WhyView& why, std::size_t most_samples) {
  std::vector<std::string> lines;
  for (const auto& guard : why.guards) {
    if (guard.guard == why.guard) lines.push_back(guard_text(guard));
  }
  if (why.stable.requests + why.canary.requests == 0) return lines;
  add_seen(lines, "canary", why.canary, most_samples);
  add_seen(lines, "stable", why.stable, most_samples);
  return lines;
}

std::vector<std::string> past_lines(const PastView& past, std::size_t most_samples) {
  auto title = "epoch " + std::to_string(past.epoch) + "  " + past.ended;
  if (!past.why.guard.empty()) title += " by " + past.why.guard;
  title += "  " + past.canary + " at most " + percent_of(past.greatest_weight_percent) + "  " +
           span_text(past);
  if (!past.revision.empty()) title += "  revision " + past.revision;
  std::vector<std::string> lines{std::move(title)};
  if (!past.reason.empty()) lines.push_back(indent + past.reason);
  for (auto& line : why_lines(past.why, most_samples)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace weir::cli
