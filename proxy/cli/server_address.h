#pragma once
#include <string>
#include <string_view>
#include <variant>

namespace weir::cli {

/// Where the admin API answers.
struct ServerAddress {
  std::string host;  ///< name or address, without brackets
  std::string port;  ///< in digits

  /// For the Host field: "[::1]:9901".
  std::string authority() const;
  bool operator==(const ServerAddress&) const = default;
};

/// Reads "http://127.0.0.1:9901", without port 80. What is wrong with it otherwise, for
/// people; https is one of those things for now.
std::variant<ServerAddress, std::string> read_server(std::string_view url);

}  // namespace weir::cli
