#include "routing/split.h"

namespace weir::routing {
namespace {

constexpr std::uint64_t fnv_offset = 0xcbf29ce484222325;
constexpr std::uint64_t fnv_prime = 0x100000001b3;

std::uint64_t fnv_1a(std::uint64_t hash, std::string_view bytes) noexcept {
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= fnv_prime;
  }
  return hash;
}

std::uint64_t finalise(std::uint64_t hash) noexcept {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccd;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53;
  hash ^= hash >> 33;
  return hash;
}

}  // namespace

std::uint64_t key_hash(std::string_view salt, std::string_view key) noexcept {
  constexpr std::string_view separator("\0", 1);  // ("a","bc") is not ("ab","c")
  return finalise(fnv_1a(fnv_1a(fnv_1a(fnv_offset, salt), separator), key));
}

}  // namespace weir::routing
