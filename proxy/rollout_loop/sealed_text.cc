#include "rollout_loop/sealed_text.h"

#include <openssl/sha.h>

#include <array>

#include "rollout_loop/hex.h"

namespace weir::rollout_loop {
namespace {

std::string hex_sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return hex_of(digest);
}

std::string head_of(const TextKind& kind) { return std::string(kind.name) + " 1 sha256="; }

}  // namespace

std::string seal(const TextKind& kind, std::string_view body) {
  return head_of(kind).append(hex_sha256(body)).append("\n").append(body);
}

std::string_view unseal(const TextKind& kind, std::string_view text) {
  const auto head = head_of(kind);
  if (!text.starts_with(std::string(kind.name) + ' ')) {
    throw StateError("not a " + std::string(kind.description) + " of Weir");
  }
  if (!text.starts_with(head)) throw StateError("written by another version of Weir");
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) throw StateError("cut short");
  const auto body = text.substr(line_end + 1);
  if (text.substr(head.size(), line_end - head.size()) != hex_sha256(body)) {
    throw StateError("damaged: its checksum does not match");
  }
  return body;
}

}  // namespace weir::rollout_loop
