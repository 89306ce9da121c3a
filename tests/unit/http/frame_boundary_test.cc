#include "http/frame_boundary.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace weir::http {
namespace {

/// A frame as RFC 6455 §5.2 draws it; payloads look like headers, to be mistaken for one.
std::string frame(unsigned opcode, std::uint64_t size, bool masked = false, int length_bytes = 0) {
  std::string bytes(1, static_cast<char>(opcode));
  const unsigned mask = masked ? 0x80 : 0;
  if (length_bytes == 0) length_bytes = size < 126 ? 1 : size < 65536 ? 2 : 8;
  const unsigned marker = length_bytes == 1   ? static_cast<unsigned>(size)
                          : length_bytes == 2 ? 126U
                                              : 127U;
  bytes.push_back(static_cast<char>(mask | marker));
  for (int shift = 8 * (length_bytes - 1); length_bytes > 1 && shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(size >> shift));
  }
  if (masked) bytes.append("\x7e\xff\x88\x7f");
  return bytes.append(static_cast<std::size_t>(size), '\x81');
}

constexpr unsigned text = 0x81, first_part = 0x01, last_part = 0x80, ping = 0x89, close = 0x88;

struct Conversation {
  std::string bytes;
  std::set<std::size_t> ends;  ///< offsets behind each frame
};

Conversation conversation(const std::vector<std::string>& frames) {
  Conversation whole;
  for (const auto& each : frames) {
    whole.bytes += each;
    whole.ends.insert(whole.bytes.size());
  }
  return whole;
}

const Conversation& every_kind() {
  static const Conversation whole =
      conversation({frame(text, 0), frame(text, 1), frame(ping, 125), frame(first_part, 126),
                    frame(ping, 0), frame(last_part, 300), frame(text, 5, true),
                    frame(text, 200, true), frame(text, 3, false, 2), frame(text, 4, true, 8)});
  return whole;
}

/// Where the tracker says that frames end, of bytes handed over in these pieces.
std::set<std::size_t> ends_of(const std::vector<std::string_view>& pieces) {
  FrameBoundary boundary;
  std::set<std::size_t> ends;
  std::size_t at = 0;
  for (auto piece : pieces) {
    while (!piece.empty()) {
      const auto taken = boundary.take(piece);
      at += taken;
      piece.remove_prefix(taken);
      if (boundary.reached()) ends.insert(at);
    }
  }
  return ends;
}

TEST(FrameBoundary, IsFoundAtEverySplit) {
  const std::string_view bytes = every_kind().bytes;
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    ASSERT_EQ(ends_of({bytes.substr(0, split), bytes.substr(split)}), every_kind().ends) << split;
  }
}

TEST(FrameBoundary, IsFoundByteByByte) {
  const std::string_view bytes = every_kind().bytes;
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < bytes.size(); ++at) pieces.push_back(bytes.substr(at, 1));
  EXPECT_EQ(ends_of(pieces), every_kind().ends);
}

TEST(FrameBoundary, OfLongFramesIsFoundInPiecesOfAnySize) {
  const auto whole = conversation({frame(text, 65535), frame(text, 65536), frame(text, 1)});
  for (const std::size_t size : {1UL, 3UL, 4096UL, 65535UL, 65541UL, 200000UL}) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < whole.bytes.size(); at += size) {
      pieces.push_back(std::string_view(whole.bytes).substr(at, size));
    }
    EXPECT_EQ(ends_of(pieces), whole.ends) << size;
  }
}

TEST(FrameBoundary, IsWhereAConversationBegins) {
  FrameBoundary boundary;
  EXPECT_TRUE(boundary.reached());
  EXPECT_EQ(boundary.take({}), 0U);
  EXPECT_TRUE(boundary.reached());
}

TEST(FrameBoundary, SeesACloseFrameFromItsFirstByteOn) {
  FrameBoundary boundary;
  boundary.take(frame(ping, 3));
  EXPECT_FALSE(boundary.closed());
  boundary.take(frame(close, 2).substr(0, 1));
  EXPECT_TRUE(boundary.closed());
}

TEST(FrameBoundary, IsLostBehindALengthThatNoFrameMayHave) {
  FrameBoundary boundary;
  const std::string bad = std::string("\x82\x7f\x80", 3) + std::string(7, '\0');
  EXPECT_EQ(boundary.take(bad), bad.size());
  EXPECT_TRUE(boundary.lost());
  EXPECT_FALSE(boundary.reached());
  EXPECT_EQ(boundary.take("more"), 4U);
  EXPECT_FALSE(boundary.reached());
}

TEST(FrameBoundary, OurFarewellIsOneCloseFrame) {
  FrameBoundary boundary;
  EXPECT_EQ(boundary.take(going_away_frame), going_away_frame.size());
  EXPECT_TRUE(boundary.reached() && boundary.closed());
  EXPECT_EQ(going_away_frame, std::string("\x88\x02") + "\x03\xe9") << "1001, Going Away";
}

}  // namespace
}  // namespace weir::http
