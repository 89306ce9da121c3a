#pragma once
#include <string>

namespace weir::net {

/// What a file holds to sign with.
struct Secret {
  std::string value;    ///< without blanks and line ends around it; never to be logged
  std::string problem;  ///< empty: there is one
};

/// Reads at most 4 KiB: a secret, and little enough for the control thread.
Secret read_secret(const std::string& file);

}  // namespace weir::net
