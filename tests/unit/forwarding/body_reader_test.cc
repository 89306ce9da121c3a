#include "forwarding/body_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::forwarding {
namespace {

using Status = BodyReader::Status;

struct Read {
  Status status = Status::more;
  std::string data;
  std::string left;  ///< of the buffer, behind the body
};

/// Feeds `bytes` cut at `cut` and reads until the end or a mistake.
Read read_cut(http::Body framing, std::uint64_t length, std::string_view bytes, std::size_t cut) {
  BodyReader reader;
  net::ReceiveBuffer buffer;
  Read read;
  reader.begin(framing, length, {});
  for (const auto part : {bytes.substr(0, cut), bytes.substr(cut)}) {
    buffer.append(part);
    if (read.status != Status::more) continue;
    const auto piece = reader.read(buffer);
    read.status = piece.status;
    read.data += piece.data;
    buffer.consume(piece.used);
  }
  read.left = buffer.bytes();
  return read;
}

struct Case {
  http::Body framing;
  std::uint64_t length;
  std::string_view bytes;
  Status status;
  std::string_view data, left;
};

constexpr Case cases[] = {
    {http::Body::none, 0, "next", Status::done, "", "next"},
    {http::Body::length, 0, "next", Status::done, "", "next"},
    {http::Body::length, 5, "hello", Status::done, "hello", ""},
    {http::Body::length, 5, "hellonext", Status::done, "hello", "next"},
    {http::Body::length, 9, "hello", Status::more, "hello", ""},
    {http::Body::until_close, 0, "hello", Status::more, "hello", ""},
    {http::Body::chunked, 0, "5\r\nhello\r\n0\r\n\r\n", Status::done, "hello", ""},
    {http::Body::chunked, 0, "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\nnext", Status::done, "hello",
     "next"},
    {http::Body::chunked, 0, "5\r\nhel", Status::more, "hel", ""},
    {http::Body::chunked, 0, "0\r\nX: y\r\n\r\nnext", Status::done, "", "next"},
};

TEST(BodyReader, ReadsEveryFramingAtEveryCut) {
  for (const auto& c : cases) {
    for (std::size_t cut = 0; cut <= c.bytes.size(); ++cut) {
      const auto read = read_cut(c.framing, c.length, c.bytes, cut);
      EXPECT_EQ(read.status, c.status) << c.bytes << " at " << cut;
      EXPECT_EQ(read.data, c.data) << c.bytes << " at " << cut;
      EXPECT_EQ(read.left, c.left) << c.bytes << " at " << cut;
    }
  }
}

TEST(BodyReader, CountsWhatWentPastIt) {
  BodyReader reader;
  net::ReceiveBuffer buffer;
  reader.begin(http::Body::length, 9, {});
  buffer.append("he");
  buffer.consume(reader.read(buffer).used);
  EXPECT_EQ(reader.remaining(), 7U);
  reader.skip(4);
  EXPECT_EQ(reader.remaining(), 3U);
  EXPECT_FALSE(reader.done());
  buffer.append("endnext");
  const auto piece = reader.read(buffer);
  EXPECT_EQ(piece.status, Status::done);
  EXPECT_EQ(piece.data, "end");
  for (const auto framing : {http::Body::none, http::Body::chunked, http::Body::until_close}) {
    reader.begin(framing, 9, {});
    EXPECT_EQ(reader.remaining(), 0U) << "no length counts but that of its own framing";
  }
}

TEST(BodyReader, SaysWhatIsWrong) {
  BodyReader reader;
  net::ReceiveBuffer buffer;
  reader.begin(http::Body::chunked, 0, {});
  buffer.append("5\r\nhelloX");
  EXPECT_EQ(reader.read(buffer).status, Status::failed);
  EXPECT_EQ(reader.fault(), http::Fault::bad_chunk);
}

TEST(BodyReader, KnowsWhatIsWholeInTheBuffer) {
  BodyReader reader;
  net::ReceiveBuffer buffer;
  reader.begin(http::Body::length, 5, {});
  buffer.append("hell");
  EXPECT_FALSE(reader.whole_in(buffer));
  buffer.append("o");
  EXPECT_TRUE(reader.whole_in(buffer));
  reader.begin(http::Body::chunked, 0, {});
  EXPECT_FALSE(reader.whole_in(buffer));
  reader.begin(http::Body::none, 0, {});
  EXPECT_TRUE(reader.whole_in(buffer));
}

TEST(BodyReader, HasTrailersOnlyOfTheBodyItRead) {
  BodyReader reader;
  net::ReceiveBuffer buffer;
  buffer.append("1\r\nx\r\n0\r\nA: b\r\nHost: evil\r\n\r\n");
  reader.begin(http::Body::chunked, 0, {});
  EXPECT_EQ(reader.read(buffer).status, Status::done);
  EXPECT_EQ(reader.trailers(), "A: b\r\n");
  reader.begin(http::Body::length, 5, {});
  EXPECT_EQ(reader.trailers(), "") << "a body with a length has none";
  reader.begin(http::Body::chunked, 0, {});
  EXPECT_EQ(reader.trailers(), "");
}

}  // namespace
}  // namespace weir::forwarding
