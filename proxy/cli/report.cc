#include "cli/report.h"

#include <boost/json/serialize.hpp>
#include <iostream>
#include <utility>

#include "cli/panel.h"
#include "cli/screen.h"
#include "cli/why.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t text_columns = 100;

constexpr std::size_t all_samples = 10;  // that the proxy keeps

void print_line(const std::string& line) { std::cout << line << std::endl; }

/// Where it stands at the end; and why, where it was stopped.
void print_end(const json::value& body) {
  if (body.is_null()) return;
  const auto view = read_rollout(body);
  print_line(summary_line(view));
  const bool stopped = view.at.phase == "Degraded" || !view.why.guard.empty();
  if (!stopped) return;
  for (const auto& line : why_lines(view.why, all_samples)) print_line(line);
}

/// A line for each event. While no events come, a change of the status stands for them.
class Lines : public Report {
 public:
  void status(const json::value& body, bool told) override {
    const auto view = read_rollout(body);
    if (told || shown_ == view.at) return;
    shown_ = view.at;
    print_line(summary_line(view));
  }

  void event(const json::value& data) override {
    const auto view = read_event(data);
    shown_ = view.at;
    print_line(change_line(view));
  }

  void note(const std::string& text) override { std::cerr << text << std::endl; }

  void last(const json::value& body) override { print_end(body); }

 private:
  std::optional<Position> shown_;
};

class JsonLines : public Report {
 public:
  void status(const json::value&, bool) override {}
  void event(const json::value& data) override { print_line(json::serialize(data)); }
  void note(const std::string& text) override { std::cerr << text << std::endl; }
  void last(const json::value& body) override {
    if (!body.is_null()) print_line(json::serialize(body));
  }
};

class Panel : public Report {
 public:
  void status(const json::value& body, bool) override {
    view_ = read_rollout(body);
    note_.clear();
    draw();
  }

  void event(const json::value&) override {}

  void note(const std::string& text) override {
    note_ = text;
    draw();
  }

  void last(const json::value& body) override {
    screen_.reset();
    print_end(body);
  }

 private:
  void draw() {
    if (!screen_) screen_.emplace();
    auto lines = view_ ? panel_lines(*view_, screen_->columns()) : std::vector<std::string>{};
    if (!note_.empty()) lines.push_back(note_);
    screen_->draw(lines);
  }

  std::optional<Screen> screen_;
  std::optional<RolloutView> view_;
  std::string note_;
};

}  // namespace

std::unique_ptr<Report> make_report(bool json) {
  if (json) return std::make_unique<JsonLines>();
  if (Screen::present()) return std::make_unique<Panel>();
  return std::make_unique<Lines>();
}

void print_status(const json::value& body, bool json) {
  if (json) return print_line(json::serialize(body));
  const auto view = read_rollout(body);
  for (const auto& line : panel_lines(view, text_columns)) print_line(line);
  if (view.why.canary.samples.empty() && view.why.stable.samples.empty()) return;
  for (const auto& line : why_lines(view.why, all_samples)) print_line(line);
}

void print_history(const json::value& body, bool json) {
  constexpr std::size_t few_samples = 3;
  if (json) return print_line(json::serialize(body));
  const auto past = read_history(body);
  if (past.empty()) print_line("no rollout has ended yet");
  for (const auto& rollout : past) {
    for (const auto& line : past_lines(rollout, few_samples)) print_line(line);
  }
}

}  // namespace weir::cli
