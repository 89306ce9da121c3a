#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir::net {

/// A file that a configuration names and that will not do.
struct TlsProblem {
  std::string path;     ///< listen[1].tls.certificates[0].key
  std::string message;  ///< what is wrong with it
};
using TlsProblems = std::vector<TlsProblem>;

/// The first error OpenSSL has queued on this thread, in words; empties the queue.
std::string take_openssl_error();

}  // namespace weir::net
