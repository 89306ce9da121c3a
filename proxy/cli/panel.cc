#include "cli/panel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "cli/why.h"
#include "rollout/wording.h"

namespace weir::cli {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

/// The first `columns` characters; a character of UTF-8 is never cut in two.
std::string cut(std::string text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
    if (begins && ++seen > columns) return text.substr(0, i);
  }
  return text;
}

std::string step_text(const RolloutView& view) {
  const auto number = std::min<std::uint64_t>(view.at.step + 1, view.steps.size());
  return "step " + std::to_string(number) + " of " + std::to_string(view.steps.size());
}

bool in_progress(const RolloutView& view) {
  return view.at.phase == "Progressing" || view.at.phase == "Paused";
}

std::string title(const RolloutView& view) {
  auto text = view.service + "  " + view.at.phase;
  if (!view.pause_reason.empty()) text += " (" + view.pause_reason + ')';
  text += "  epoch " + std::to_string(view.at.epoch);
  if (!view.revision.empty()) text += "  revision " + view.revision;
  return text;
}

std::string bar(const RolloutView& view, std::size_t columns) {
  const auto label = ' ' + view.canary + ' ' + percent_of(view.at.weight_percent);
  const auto width = columns > label.size() + 12 ? columns - label.size() - 2 : 10;
  const auto share = std::clamp(view.at.weight_percent / 100, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(std::lround(share * static_cast<double>(width)));
  return '[' + std::string(filled, '#') + std::string(width - filled, '-') + ']' + label;
}

std::string time_left(const RolloutView& view, const StepView& step) {
  const auto left =
      static_cast<long>(std::ceil(std::max(step.hold_seconds - view.held_seconds, 0.0)));
  return std::to_string(left) + " s left";
}

std::string step_line(const RolloutView& view) {
  if (!in_progress(view)) return view.stable + " serves everything";
  auto text = step_text(view);
  if (view.at.step >= view.steps.size()) return text;
  const auto& step = view.steps[view.at.step];
  text += "  " + time_left(view, step) + "  " + std::to_string(view.step_requests);
  if (step.min_requests > 0) text += " of " + std::to_string(step.min_requests);
  text += " requests";
  if (step.manual_gate) text += "  then waits for promote";
  return text;
}

std::string version_line(const VersionView& version) {
  return padded(version.name, 7) + padded(version.role, 8) +
         padded(std::to_string(version.requests), 12) +
         padded(rollout::share_text(version.errors, version.requests), 24) +
         padded(std::to_string(version.active), 8) + std::to_string(version.healthy) + '/' +
         std::to_string(version.endpoints) + (version.panic ? " PANIC" : "");
}

std::string guard_line(const GuardView& guard) {
  return "guard " + padded(guard.guard + ' ', 9) + padded(guard.verdict, 13) + measured(guard) +
         "  requests " + std::to_string(guard.canary_requests) + " canary, " +
         std::to_string(guard.stable_requests) + " stable";
}

std::string milliseconds_text(double seconds) {
  return std::to_string(std::lround(seconds * 1'000)) + " ms";
}

std::string mirror_line(const MirrorView& mirror) {
  auto text = "mirror " + percent_of(mirror.share_percent) + " to " + mirror.to + ": " +
              std::to_string(mirror.same_status) + " same status, " +
              std::to_string(mirror.other_status) + " other, " + std::to_string(mirror.failed) +
              " failed, " + std::to_string(mirror.dropped) + " dropped";
  if (!mirror.mean_original_seconds || !mirror.mean_copy_seconds) return text;
  return text + "  " + milliseconds_text(*mirror.mean_copy_seconds) + " against " +
         milliseconds_text(*mirror.mean_original_seconds);
}

std::string whereabouts(const Position& at) {
  return at.phase + " at " + percent_of(at.weight_percent);
}

}  // namespace

std::vector<std::string> panel_lines(const RolloutView& view, std::size_t columns) {
  std::vector<std::string> lines{title(view), bar(view, columns), step_line(view)};
  lines.push_back(padded("", 7) + padded("", 8) + padded("requests", 12) + padded("errors", 24) +
                  padded("active", 8) + "usable");
  for (const auto& version : view.versions) lines.push_back(version_line(version));
  for (const auto& guard : view.why.guards) lines.push_back(guard_line(guard));
  if (view.mirror) lines.push_back(mirror_line(*view.mirror));
  if (!view.hold.empty()) {
    lines.push_back("hold: " + view.hold);
  } else if (!view.freeze.empty()) {
    lines.push_back("frozen: " + view.freeze);
  }
  if (!view.reason.empty()) lines.push_back("last: " + view.reason);
  for (const auto& hook : view.hooks_asked) lines.push_back("asks hook " + hook);
  if (!view.notice_trouble.empty()) {
    lines.push_back("not told: " + std::to_string(view.notices_waiting) + " notices, " +
                    view.notice_trouble);
  }
  if (!view.persist_error.empty()) lines.push_back("not saved: " + view.persist_error);
  for (auto& line : lines) line = cut(std::move(line), columns);
  return lines;
}

std::string summary_line(const RolloutView& view) {
  auto text = view.service + ": " + whereabouts(view.at);
  if (in_progress(view)) text += ", " + step_text(view);
  if (!in_progress(view)) text += ", " + view.stable + " is stable";
  text += " (epoch " + std::to_string(view.at.epoch) + ')';
  if (!view.hold.empty()) return text + ": hold: " + view.hold;
  return view.at.phase == "Degraded" ? text + ": " + view.reason : text;
}

std::string change_line(const EventView& event) {
  return clock_text(event.unix_ms) + ' ' + event.service + ": " + event.kind + ": " +
         whereabouts(event.at) + " (epoch " + std::to_string(event.at.epoch) + "): " + event.reason;
}

}  // namespace weir::cli
