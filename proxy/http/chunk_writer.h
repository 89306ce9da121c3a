#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace weir::http {

using ChunkLine = std::array<char, 20>;

/// What follows the data of a chunk.
inline constexpr std::string_view chunk_end = "\r\n";
/// What ends a body without trailers.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";
/// What ends a body with trailers: this, the trailer lines, `chunk_end`.
inline constexpr std::string_view last_chunk_line = "0\r\n";

/// The size line of a chunk, for a gathered send: this, the data, `chunk_end`.
/// `size`: not 0, which would end the body. The view is of `buffer`.
std::string_view write_chunk_line(std::uint64_t size, ChunkLine& buffer) noexcept;

}  // namespace weir::http
