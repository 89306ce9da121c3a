#include "rollout_loop/rollout_history.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "rollout_loop/durable_file.h"
#include "rollout_loop/history_text.h"

namespace weir::rollout_loop {

void RolloutHistory::keep(std::size_t most) {
  if (most == std::exchange(most_, most)) return;
  for (auto& [service, history] : histories_) changed(service);
}

const PastRollout* RolloutHistory::open(const std::string& service,
                                        const rollout::RolloutState& state) {
  const auto [found, fresh] = histories_.try_emplace(service);
  auto& history = found->second;
  if (fresh && !folder_.empty()) history = load(service);
  const auto before = history;
  follow(history, state);
  if (history != before || history.size() > most_) changed(service);
  const bool known = !history.empty() && history.back().epoch == state.epoch;
  return known ? &history.back() : nullptr;
}

History RolloutHistory::load(const std::string& service) {
  try {
    const auto text = read_whole(file_of(service));
    return text ? decode_history(*text) : History{};
  } catch (const StateError& error) {
    set_aside(service, error.what());
    return {};
  }
}

void RolloutHistory::set_aside(const std::string& service, const char* why) {
  const auto file = file_of(service), aside = folder_ / (service + ".damaged");
  std::error_code failure;
  std::filesystem::rename(file, aside, failure);
  ++counts_.set_aside;
  spdlog::error("{}: past rollouts of {} are {}: {}", file.string(), service, why,
                failure ? failure.message() : "moved to " + aside.string());
}

void RolloutHistory::note(const Event& event) {
  rollout_loop::note(histories_[event.service], event);
  changed(event.service);
}

void RolloutHistory::note_seen(const std::string& service, const rollout::SeenOfBoth& seen) {
  auto& history = histories_[service];
  if (history.empty() || history.back().ended || history.back().seen == seen) return;
  history.back().seen = seen;
  changed(service);
}

void RolloutHistory::changed(const std::string& service) {
  counts_.dropped += bound(histories_[service], most_);
  if (!folder_.empty()) unwritten_.insert(service);
}

History RolloutHistory::past(std::string_view service) const {
  History past;
  const auto found = histories_.find(service);
  if (found == histories_.end()) return past;
  const auto& history = found->second;
  std::copy_if(history.rbegin(), history.rend(), std::back_inserter(past),
               [](const PastRollout& rollout) { return rollout.ended; });
  return past;
}

void RolloutHistory::write_next(Instant now) {
  if (unwritten_.empty() || now < wait_until_) return;
  constexpr Milliseconds pause{1'000};
  const auto next = unwritten_.upper_bound(tried_);
  tried_ = next == unwritten_.end() ? *unwritten_.begin() : *next;
  write(tried_);
  if (!write_error_.empty()) wait_until_ = now + pause;
}

void RolloutHistory::write_all() {
  for (const auto& service : std::set(unwritten_)) write(service);
}

void RolloutHistory::write(const std::string& service) {
  if (!unwritten_.contains(service)) return;
  std::error_code failure;
  if (std::filesystem::create_directory(folder_, failure)) {
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failure);
  }
  auto problem = failure ? failure.message()
                         : replace_durably(file_of(service), encode_history(histories_[service]));
  if (!problem.empty()) return write_failed(service, std::move(problem));
  write_error_.clear();
  unwritten_.erase(service);
}

void RolloutHistory::write_failed(const std::string& service, std::string why) {
  ++counts_.write_failures;
  if (write_error_.empty()) {
    spdlog::error("{}: past rollouts of {} cannot be written: {}", file_of(service).string(),
                  service, why);
  }
  write_error_ = std::move(why);
}

}  // namespace weir::rollout_loop
