#include "net/secret_file.h"

#include <openssl/crypto.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

namespace weir::net {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

Secret read_secret(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return {{},
            file + " cannot be read: " + std::error_code(errno, std::generic_category()).message()};
  }
  std::array<char, 4096> text{};
  stream.read(text.data(), text.size());
  Secret secret;
  secret.value = trimmed({text.data(), static_cast<std::size_t>(stream.gcount())});
  OPENSSL_cleanse(text.data(), text.size());
  if (secret.value.empty()) secret.problem = file + " holds no secret";
  return secret;
}

}  // namespace weir::net
