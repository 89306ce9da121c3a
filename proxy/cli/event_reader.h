#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// One event of a server-sent stream.
struct StreamedEvent {
  std::string id, name, data;
  bool operator==(const StreamedEvent&) const = default;
};

/// Takes a stream apart (WHATWG HTML §9.2.6), whatever pieces it comes in. Pure.
class EventReader {
 public:
  /// The longest line that is kept; beyond it the stream is not one of ours.
  static constexpr std::size_t longest_line = 1024 * 1024;

  /// The events that `bytes` complete. Throws `std::length_error`.
  std::vector<StreamedEvent> feed(std::string_view bytes);

 private:
  void take_line(std::string_view line, std::vector<StreamedEvent>& complete);

  std::string partial_;
  StreamedEvent event_;
};

}  // namespace weir::cli
