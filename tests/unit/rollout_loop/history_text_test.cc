#include "rollout_loop/history_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <limits>

#include "sample_rollouts.h"

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;

History two_rollouts() {
  History history;
  note(history, start_of(7));
  note(history, rollback_of(7));
  note(history, start_of(8));
  return history;
}

/// As a file has it, of whatever was written into it.
std::string file_of(std::string_view rollouts) {
  return seal({"weir-history", ""}, "{\"rollouts\":" + std::string(rollouts) + "}");
}

TEST(HistoryText, BringsBackWhatWasWritten) {
  EXPECT_EQ(decode_history(encode_history(two_rollouts())), two_rollouts());
  EXPECT_TRUE(decode_history(encode_history({})).empty());
}

TEST(HistoryText, EveryDamagedByteAndEveryCutIsNoticed) {
  const auto text = encode_history(two_rollouts());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_THROW(decode_history(damaged), StateError) << "byte " << i;
    EXPECT_THROW(decode_history(text.substr(0, i)), StateError) << "cut at " << i;
  }
}

TEST(HistoryText, OfAnOlderWeirIsReadWithoutWhatItLacks) {
  const auto history = decode_history(file_of(R"([{"epoch": 3}])"));
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].epoch, 3U);
  EXPECT_FALSE(history[0].ended);
  EXPECT_TRUE(history[0].seen.canary.samples.empty());
}

TEST(HistoryText, OfANewerWeirIsReadWithoutWhatItHasMore) {
  auto rollout = to_json(two_rollouts()[0]);
  rollout["more"] = json::object{{"of", "it"}};
  auto& guard = rollout["guards"].as_array()[0].as_object();
  guard["verdict"] = "doubtful";
  auto& sample = rollout["seen"].at("canary").at("samples").as_array()[0].as_object();
  sample["ending"] = "evaporated";
  const auto history = decode_history(file_of(json::serialize(json::array{rollout})));
  EXPECT_EQ(history[0].guards[0].verdict, rollout::Verdict::insufficient);
  EXPECT_EQ(history[0].seen.canary.samples[0].ending, outcomes::Ending::answered);
}

TEST(HistoryText, ThatMakesNoSenseIsAnError) {
  for (const auto* rollouts : {"7", "[7]", R"([{"epoch": "seven"}])", R"([{"epoch": -1}])",
                               R"([{"seen": []}])", R"([{"guards": {}}])", "[{", ""}) {
    EXPECT_THROW(decode_history(file_of(rollouts)), StateError) << rollouts;
  }
}

TEST(HistoryText, NumbersOutOfTheWorldAreBroughtBackIntoIt) {
  const auto read = decode_history(file_of(R"([{"greatest_weight_percent": 1e300,
                   "seen": {"canary": {"samples": [{"latency_seconds": -1e300}]}}}])"));
  EXPECT_EQ(read[0].greatest, Weight::all());
  EXPECT_EQ(read[0].seen.canary.samples[0].latency.count(), 0);
}

TEST(HistoryText, KeepsEvidenceThatIsBeyondAllNumbers) {
  auto history = two_rollouts();
  auto& guard = history[0].guards[0];
  guard.value = std::numeric_limits<double>::infinity();
  guard.ratio = std::nan("");
  const auto& read = decode_history(encode_history(history))[0].guards[0];
  EXPECT_GT(read.value, 1e308);
  EXPECT_TRUE(std::isfinite(read.value));
  EXPECT_EQ(read.ratio, 0);
}

TEST(HistoryText, ReadsNumbersBackAsTheyWereShown) {
  for (const double value : {901.2345678901234, 1.0 / 3, 5e-324, 123456789012345678.0, -0.1}) {
    auto history = two_rollouts();
    history[0].guards[0].value = value;
    const auto written = encode_history(history);
    EXPECT_EQ(encode_history(decode_history(written)), written) << value;
  }
}

TEST(PastRolloutJson, SaysHowItEnded) {
  const std::pair<const char*, const char*> rows[] = {{"finish", "finished"},
                                                      {"rollback", "rolled_back"},
                                                      {"abort", "aborted"},
                                                      {"undo", "undone"},
                                                      {"", "unknown"}};
  for (const auto& [kind, ending] : rows) {
    PastRollout rollout;
    rollout.ended = true;
    rollout.last.kind = kind;
    EXPECT_EQ(to_json(rollout).at("ended"), ending);
  }
  EXPECT_EQ(to_json(PastRollout{}).at("ended"), "");
}

}  // namespace
}  // namespace weir::rollout_loop
