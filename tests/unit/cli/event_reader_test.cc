#include "cli/event_reader.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace weir::cli {
namespace {

const std::string stream =
    "retry: 1000\n\n: still here\n\nid: 1\nevent: transition\ndata: {\"a\":1}\n\n"
    "id: 2\r\nevent: transition\r\ndata:{\"b\":2}\r\n\r\nid: 3\ndata: cut off";
const std::vector<StreamedEvent> events{{"1", "transition", "{\"a\":1}"},
                                        {"2", "transition", "{\"b\":2}"}};

TEST(EventReader, GivesTheSameEventsWhateverThePieces) {
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    EventReader reader;
    std::vector<StreamedEvent> seen;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      for (auto& event : reader.feed(std::string_view(stream).substr(at, size))) {
        seen.push_back(std::move(event));
      }
    }
    ASSERT_EQ(seen, events) << "in pieces of " << size;
  }
}

TEST(EventReader, GivesUpOnALineWithoutEnd) {
  EventReader reader;
  const std::string piece(EventReader::longest_line, 'x');
  reader.feed(piece);
  EXPECT_THROW(reader.feed("x"), std::length_error);
}

}  // namespace
}  // namespace weir::cli
