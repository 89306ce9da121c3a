#include "admin/token_file.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

#include "http/octets.h"

namespace weir::admin {
namespace {

constexpr std::string_view token_marks = "-._~+/=";

TokenDigest digest_of(std::string_view token) {
  TokenDigest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

bool is_token(std::string_view text) noexcept {
  for (const char octet : text) {
    const bool word = http::octets::is_alphanumeric(static_cast<unsigned char>(octet));
    if (!word && token_marks.find(octet) == std::string_view::npos) return false;
  }
  return !text.empty();
}

std::string_view trimmed_line(std::string_view line) noexcept {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return http::trimmed(line);
}

std::string last_error() { return std::error_code(errno, std::generic_category()).message(); }

}  // namespace

std::vector<TokenDigest> read_tokens(std::string_view text) {
  std::vector<TokenDigest> tokens;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = trimmed_line(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (!is_token(line)) {
      throw TokenError("line " + std::to_string(number) +
                       " is not a bearer token (letters, digits and -._~+/=)");
    }
    tokens.push_back(digest_of(line));
  }
  if (tokens.empty()) throw TokenError("there is no token in it");
  return tokens;
}

TokenFile::TokenFile(std::string file, Instant now) : file_(std::move(file)), checked_at_(now) {
  load();
}

TokenFile::Stamp TokenFile::stamp() const {
  struct stat found {};
  if (::stat(file_.c_str(), &found) != 0) {
    throw TokenError("token file " + file_ + ": " + last_error());
  }
  constexpr std::int64_t ns_per_second = 1'000'000'000;
  return {found.st_mtim.tv_sec * ns_per_second + found.st_mtim.tv_nsec,
          static_cast<std::uint64_t>(found.st_size), found.st_ino};
}

void TokenFile::load() {
  // Stamped before it is read: a write in between is seen at the next look.
  const auto seen = stamp();
  std::ifstream stream(file_, std::ios::binary);
  if (!stream) throw TokenError("token file " + file_ + ": " + last_error());
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    tokens_ = read_tokens(text);
  } catch (const TokenError& error) {
    throw TokenError("token file " + file_ + ": " + error.what());
  }
  loaded_ = seen;
}

void TokenFile::refresh(Instant now) {
  if (now - checked_at_ < check_interval) return;
  checked_at_ = now;
  try {
    if (!failing_ && stamp() == loaded_) return;
    load();
    failing_ = false;
    spdlog::info("admin: tokens read again");
  } catch (const TokenError& error) {
    if (!failing_) spdlog::warn("admin: {}; the tokens read before stay in force", error.what());
    failing_ = true;
  }
}

std::optional<std::string> TokenFile::holder_of(std::string_view token) const {
  const auto digest = digest_of(token);
  bool known = false;
  for (const auto& each : tokens_) {
    known |= CRYPTO_memcmp(each.data(), digest.data(), digest.size()) == 0;
  }
  if (!known) return std::nullopt;
  std::array<char, 9> name{};
  std::snprintf(name.data(), name.size(), "%02x%02x%02x%02x", digest[0], digest[1], digest[2],
                digest[3]);
  return "token " + std::string(name.data());
}

}  // namespace weir::admin
