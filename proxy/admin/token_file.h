#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "model/instant.h"

namespace weir::admin {

/// SHA-256 of a token: equal length whatever the token, so comparing tells nothing.
using TokenDigest = std::array<std::uint8_t, 32>;

/// The text names the file and what is wrong with it, never a token.
struct TokenError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One token per line, of the characters of RFC 6750 §2.1; empty lines and lines that
/// begin with '#' say nothing. Throws `TokenError` without any token, or with a line
/// that is none.
std::vector<TokenDigest> read_tokens(std::string_view text);

/// The bearer tokens of a file, read again when it changes, so that they rotate without
/// a restart: write old and new, roll the clients over, write new alone. Control thread.
class TokenFile {
 public:
  static constexpr Milliseconds check_interval{1'000};

  /// Throws `TokenError` where it cannot be read.
  TokenFile(std::string file, Instant now);

  /// Looks at the file at most each `check_interval`. A file that has become unreadable
  /// leaves the last good tokens in force; the first such look is logged.
  void refresh(Instant now);

  /// A name for the audit log, "token 1a2b3c4d" (the digest's first 32 bits), where the
  /// token is in the file. Every token is compared, each in constant time.
  std::optional<std::string> holder_of(std::string_view token) const;

  const std::string& file() const noexcept { return file_; }

 private:
  /// Enough to see a rewritten or replaced file.
  struct Stamp {
    std::int64_t modified_ns = 0;
    std::uint64_t size = 0, inode = 0;
    bool operator==(const Stamp&) const = default;
  };
  Stamp stamp() const;
  void load();

  std::string file_;
  std::vector<TokenDigest> tokens_;
  Stamp loaded_;
  Instant checked_at_;
  bool failing_ = false;
};

}  // namespace weir::admin
