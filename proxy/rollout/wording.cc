#include "rollout/wording.h"

#include <array>
#include <charconv>

namespace weir::rollout {

std::string ratio_text(double ratio) {
  std::array<char, 400> digits{};  // holds any double written out with two decimals
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), ratio * 100,
                                          std::chars_format::fixed, 2);
  std::string text(digits.data(), end);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + '%';
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  const double ratio = whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  return ratio_text(ratio) + " (" + std::to_string(part) + '/' + std::to_string(whole) + ')';
}

std::string amount_text(double amount) {
  constexpr double in_full = 1e6;
  std::array<char, 32> digits{};
  const bool whole = amount >= 100 && amount < in_full;
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), amount,
                    whole ? std::chars_format::fixed : std::chars_format::general, whole ? 0 : 3);
  return {digits.data(), end};
}

std::string duration_text(Microseconds duration) {
  const auto ms = std::chrono::floor<Milliseconds>(duration);
  if (duration != ms) return amount_text(static_cast<double>(duration.count()) / 1000) + " ms";
  const auto count = ms.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

std::string place_text(const RolloutState& state, const RolloutPolicy& policy) {
  const auto steps = policy.steps.size();
  auto text = "step " + std::to_string(state.step + 1) + " of " + std::to_string(steps) + ", " +
              percent_text(state.weight);
  const bool held_back = state.step + 1 == steps && policy.hold_back > Weight::none() &&
                         state.weight == policy.steps.back().weight;
  if (held_back) text += ", " + percent_text(policy.hold_back) + " held back";
  return text;
}

}  // namespace weir::rollout
