#include "admin/token_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scratch_file.h"

namespace weir::admin {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr Instant start{};
constexpr auto later = start + TokenFile::check_interval;

std::string complaint(std::string_view text) {
  try {
    read_tokens(text);
  } catch (const TokenError& error) {
    return error.what();
  }
  return "";
}

TEST(Tokens, AreOnePerLineWithComments) {
  EXPECT_EQ(read_tokens("one").size(), 1u);
  EXPECT_EQ(read_tokens("# team a\none\n\n  two \r\n# x\nthree==\n").size(), 3u);
}

TEST(Tokens, AFileWithoutOneIsAMistake) {
  for (const auto* text : {"", "\n\n", "# only a comment\n"}) {
    EXPECT_THAT(complaint(text), HasSubstr("no token")) << text;
  }
}

TEST(Tokens, ALineThatIsNoneIsNamedButNeverShown) {
  for (const auto* text : {"good\nse cret", "good\nsecret\"", "good\nsecret\x01", "good\nsécret"}) {
    EXPECT_THAT(complaint(text), HasSubstr("line 2")) << text;
    EXPECT_THAT(complaint(text), testing::Not(HasSubstr("cret"))) << text;
  }
}

TEST(TokenFile, KnowsItsTokensAndNoOthers) {
  const ScratchFile scratch("alpha\nbeta\n");
  const TokenFile tokens(scratch.path(), start);
  EXPECT_THAT(tokens.holder_of("alpha").value(), MatchesRegex("token [0-9a-f]{8}"));
  EXPECT_NE(tokens.holder_of("alpha"), tokens.holder_of("beta"));
  for (const auto* token : {"", "alph", "alphaa", "ALPHA", "alpha\n", "alpha\nbeta"}) {
    EXPECT_EQ(tokens.holder_of(token), std::nullopt) << token;
  }
}

TEST(TokenFile, MustBeReadableAtStart) {
  EXPECT_THROW(TokenFile("/nonexistent/token", start), TokenError);
  EXPECT_THROW(TokenFile(ScratchFile("").path(), start), TokenError);
}

TEST(TokenFile, RotatesWithoutARestart) {
  const ScratchFile scratch("old\n");
  TokenFile tokens(scratch.path(), start);
  scratch.write("old\nnew\n");
  tokens.refresh(later);
  EXPECT_TRUE(tokens.holder_of("old") && tokens.holder_of("new"));
  scratch.write("new\n");
  tokens.refresh(later + TokenFile::check_interval);
  EXPECT_FALSE(tokens.holder_of("old"));
  EXPECT_TRUE(tokens.holder_of("new"));
}

TEST(TokenFile, IsLookedAtAtMostEachSecond) {
  const ScratchFile scratch("old\n");
  TokenFile tokens(scratch.path(), start);
  scratch.write("new\n");
  tokens.refresh(later - Milliseconds(1));
  EXPECT_TRUE(tokens.holder_of("old"));
  tokens.refresh(later);
  EXPECT_FALSE(tokens.holder_of("old"));
}

TEST(TokenFile, KeepsTheLastGoodTokensWhileTheFileIsBad) {
  const ScratchFile scratch("old\n");
  TokenFile tokens(scratch.path(), start);
  auto now = start;
  for (const auto* bad : {"", "not a token\n"}) {
    scratch.write(bad);
    tokens.refresh(now += TokenFile::check_interval);
    EXPECT_TRUE(tokens.holder_of("old")) << bad;
  }
  scratch.remove();
  tokens.refresh(now += TokenFile::check_interval);
  EXPECT_TRUE(tokens.holder_of("old"));
  scratch.write("new\n");
  tokens.refresh(now += TokenFile::check_interval);
  EXPECT_FALSE(tokens.holder_of("old"));
  EXPECT_TRUE(tokens.holder_of("new"));
}

}  // namespace
}  // namespace weir::admin
