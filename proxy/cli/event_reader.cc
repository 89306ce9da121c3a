#include "cli/event_reader.h"

#include <stdexcept>
#include <utility>

namespace weir::cli {

std::vector<StreamedEvent> EventReader::feed(std::string_view bytes) {
  std::vector<StreamedEvent> complete;
  for (;;) {
    const auto end = bytes.find('\n');
    partial_ += bytes.substr(0, end);
    if (partial_.size() > longest_line) throw std::length_error("a line of the stream is too long");
    if (end == std::string_view::npos) return complete;
    bytes.remove_prefix(end + 1);
    auto line = std::exchange(partial_, {});
    if (line.ends_with('\r')) line.pop_back();
    take_line(line, complete);
  }
}

void EventReader::take_line(std::string_view line, std::vector<StreamedEvent>& complete) {
  if (line.empty()) {
    auto event = std::exchange(event_, {});
    if (!event.data.empty()) complete.push_back(std::move(event));
    return;
  }
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "id") event_.id = value;
  if (name == "event") event_.name = value;
  if (name == "data") event_.data += value;
}

}  // namespace weir::cli
