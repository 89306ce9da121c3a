#include "http/chunk_writer.h"

#include <cassert>
#include <charconv>

namespace weir::http {

std::string_view write_chunk_line(std::uint64_t size, ChunkLine& buffer) noexcept {
  assert(size != 0);
  char* end = std::to_chars(buffer.data(), buffer.data() + 16, size, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace weir::http
