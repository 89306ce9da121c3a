#pragma once
#include <string>

#include "model/endpoint.h"

namespace weir {

/// A server that Weir calls by itself, and how. Its path may be a secret (Slack's is): it is
/// never logged.
struct HttpTarget {
  bool secured = false;  ///< https
  EndpointName at;
  std::string path = "/";     ///< with its query
  std::string ca_file{};      ///< of a secured one; empty: the system's authorities
  std::string secret_file{};  ///< what requests are signed with; empty: they are not
  bool operator==(const HttpTarget&) const = default;
};

}  // namespace weir
