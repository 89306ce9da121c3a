// A history file: what is read and written again reads back equal; anything else is a StateError.
#include "rollout_loop/history_text.h"

#include "require.h"

namespace weir::rollout_loop {
namespace {

using fuzz::require;

void check_sound(const PastRollout& rollout) {
  require(rollout.greatest <= Weight::all(), "a weight is a share");
  for (const auto* seen : {&rollout.seen.stable, &rollout.seen.canary}) {
    require(seen->samples.size() <= rollout::Seen::most_samples, "samples are bounded");
    for (const auto& sample : seen->samples) {
      require(sample.latency.count() >= 0, "no latency is negative");
    }
  }
}

void check(std::string_view text) {
  History history;
  try {
    history = decode_history(text);
  } catch (const StateError& error) {
    require(error.what()[0] != '\0', "an error says why");
    return;
  }
  const std::string written = encode_history(history);
  require(decode_history(written) == history, "what is written reads back equal");
  for (const auto& rollout : history) check_sound(rollout);
}

}  // namespace
}  // namespace weir::rollout_loop

/// The JSON of a history file, its checksum made to fit; or a whole file.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace weir::rollout_loop;
  const std::string_view text = weir::fuzz::text_of(data, size);
  check(text);
  check(seal({"weir-history", ""}, text));
  return 0;
}
