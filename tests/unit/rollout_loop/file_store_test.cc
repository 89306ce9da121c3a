#include "rollout_loop/file_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rollout_loop/hex.h"

namespace weir::rollout_loop {
namespace {

namespace fs = std::filesystem;
using rollout::Phase;
using testing::HasSubstr;

class StateFile : public testing::Test {
 protected:
  StateFile() : folder_(fs::path(testing::TempDir()) / ("weir-" + name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~StateFile() override { fs::remove_all(folder_); }

  static std::string name() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  fs::path file() const { return folder_ / "state"; }
  std::string text() const {
    std::ifstream stream(file());
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }
  void write(std::string_view text) const { std::ofstream(file()) << text; }
  std::string load_error() const {
    FileStore store(file());
    try {
      store.load();
    } catch (const StateError& error) {
      return error.what();
    }
    return {};
  }

  fs::path folder_;
};

/// As a file, with the checksum of what it holds.
std::string sealed(const std::string& body) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data());
  return "weir-state 1 sha256=" + hex_of(digest) + "\n" + body;
}

rollout::RolloutState mid_ramp() {
  rollout::RolloutState state;
  state.epoch = 7;
  state.phase = Phase::paused;
  state.pause_reason = rollout::PauseReason::gate;
  state.stable = Version::green;
  state.weight = Weight::percent(25);
  state.step = 2;
  state.held = Milliseconds(12'345);
  state.step_requests = 678;
  state.revision = "sha256:\"quoted\" ünï";
  state.recent_keys = {"first", "second"};
  state.reason = "gate";
  state.passed_hooks = {"qa"};
  state.slower_than = Microseconds(5'376);
  return state;
}

Notices two_notices() {
  return {{"id-1", "ops", "shop", "start", 1'700'000'000'123, R"({"id":"id-1"})"},
          {"id-1", "chat", "shop", "start", 1'700'000'000'123, R"({"text":"*shop* \u00fc"})"}};
}

TEST_F(StateFile, BringsBackWhatWasSaved) {
  auto finished = rollout::RolloutState{};
  finished.warm_until = WallTime(Milliseconds(1'800'000'000'123));
  auto starved = mid_ramp();
  starved.pause_reason = rollout::PauseReason::evidence;
  const States states{{"shop", mid_ramp()}, {"cart", {}}, {"api", finished}, {"search", starved}};
  EXPECT_EQ(FileStore(file()).save(states, two_notices()), "");
  EXPECT_EQ(FileStore(file()).load(), (Kept{states, two_notices()}));
}

TEST_F(StateFile, IsEmptyBeforeTheFirstSave) { EXPECT_EQ(FileStore(file()).load(), Kept{}); }

TEST_F(StateFile, OfAProcessThatKnewNoHooksIsRead) {
  auto state = mid_ramp();
  state.passed_hooks.clear();
  auto text = encode_states({{"shop", state}});
  const std::string younger = R"(,"passed_hooks":[])";
  ASSERT_NE(text.find(younger), std::string::npos);
  auto body = text.substr(text.find('\n') + 1);
  body.erase(body.find(younger), younger.size());
  EXPECT_EQ(decode_states(sealed(body)), (Kept{{{"shop", state}}, {}}));
}

TEST_F(StateFile, KeepsEveryReasonToPause) {
  for (const auto reason : {rollout::PauseReason::gate, rollout::PauseReason::operator_request,
                            rollout::PauseReason::guard, rollout::PauseReason::weight_set,
                            rollout::PauseReason::evidence}) {
    auto state = mid_ramp();
    state.pause_reason = reason;
    EXPECT_EQ(decode_states(encode_states({{"shop", state}})).rollouts.at("shop"), state);
  }
}

TEST_F(StateFile, EveryDamagedByteIsNoticed) {
  const auto text = encode_states({{"shop", mid_ramp()}});
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_THROW(decode_states(damaged), StateError) << "byte " << i;
  }
}

TEST_F(StateFile, EveryCutIsNoticed) {
  const auto text = encode_states({{"shop", mid_ramp()}});
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_THROW(decode_states(text.substr(0, size)), StateError) << "cut at " << size;
  }
}

TEST_F(StateFile, EveryDamagedByteOfANoticeIsNoticed) {
  const auto text = encode_states({}, two_notices());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_THROW(decode_states(damaged), StateError) << "byte " << i;
  }
}

TEST_F(StateFile, AStateThatNoRolloutCanBeInIsRefused) {
  const auto refused = [](void (*change)(rollout::RolloutState&)) {
    auto state = mid_ramp();
    change(state);
    EXPECT_THROW(decode_states(encode_states({{"shop", state}})), StateError);
  };
  refused([](auto& state) { state.held = Milliseconds(-1); });
  refused([](auto& state) { state.held = Milliseconds::max(); });
  refused([](auto& state) { state.step = 0xffff'ffff; });
  refused([](auto& state) { state.phase = Phase::healthy; });
  refused([](auto& state) { state.phase = Phase::degraded; });
  refused([](auto& state) { state.warm_until = WallTime(Milliseconds(-1)); });
  refused([](auto& state) { state.warm_until = WallTime::max(); });
  refused([](auto& state) { state.slower_than = Microseconds(0); });
  refused([](auto& state) { state.slower_than = std::chrono::hours(2); });
}

TEST_F(StateFile, AForeignFileStopsTheStartAndStaysAsItIs) {
  for (const std::string_view foreign :
       {"", "hello: world\n", "weir-state 2 sha256=\n", "\0\0\0"}) {
    write(foreign);
    const auto error = load_error();
    EXPECT_THAT(error, HasSubstr(file().string()));
    EXPECT_THAT(error, HasSubstr("left as it is"));
    EXPECT_EQ(text(), foreign);
  }
}

TEST_F(StateFile, AnOlderEpochIsRefused) {
  FileStore store(file());
  auto state = mid_ramp();
  ASSERT_EQ(store.save({{"shop", state}}, {}), "");
  const auto before = text();
  state.epoch = 6;
  EXPECT_THAT(store.save({{"shop", state}}, {}), HasSubstr("older"));
  EXPECT_EQ(text(), before);
}

TEST_F(StateFile, BelongsToOneProcessAtATime) {
  const FileStore first(file());
  EXPECT_THROW(FileStore second(file()), StateError);
}

TEST_F(StateFile, BelongsToWhoItIsHandedOverTo) {
  auto first = std::make_unique<FileStore>(file());
  const FileStore second(file(), net::Descriptor(::dup(first->lock())));
  first.reset();
  EXPECT_THROW(FileStore third(file()), StateError) << "the lock was never free";
}

TEST_F(StateFile, ALockOfAnotherFileIsNone) {
  const FileStore other(folder_ / "other");
  const FileStore first(file());
  EXPECT_THROW(FileStore second(file(), net::Descriptor(::dup(other.lock()))), StateError);
}

TEST_F(StateFile, AFailedSaveSaysWhyAndKeepsTheOldOne) {
  FileStore store(file());
  ASSERT_EQ(store.save({{"shop", mid_ramp()}}, {}), "");
  const auto before = text();
  fs::create_directory(file().string() + ".new");  // the temporary cannot be opened
  EXPECT_NE(store.save({{"shop", mid_ramp()}, {"x", {}}}, {}), "");
  EXPECT_EQ(text(), before);
}

TEST_F(StateFile, AMissingFolderIsAnError) {
  EXPECT_THROW(FileStore(folder_ / "missing" / "state"), StateError);
}

}  // namespace
}  // namespace weir::rollout_loop
