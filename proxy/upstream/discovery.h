#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/instant.h"
#include "model/ip_address.h"
#include "net/task.h"

namespace weir::upstream {

/// What one lookup answered. No error and no address is a failure too: the name exists
/// but nobody stands behind it.
struct Resolution {
  net::error_code error;
  std::vector<IpAddress> addresses;

  bool failed() const noexcept { return error || addresses.empty(); }
};

/// Looks a name up. Not a capturing coroutine lambda: it would be gone when resumed.
using Resolve = std::function<net::Task<Resolution>(std::string host)>;

/// The system's resolver (getaddrinfo), A and AAAA as far as this machine has such
/// addresses itself. Lookups run on one background thread, one after the other.
net::Task<Resolution> look_up(std::string host);

/// What is known of one name: the last good answer, kept when later lookups fail. Pure.
class KnownAddresses {
 public:
  KnownAddresses() = default;
  /// A literal: known at once.
  explicit KnownAddresses(const IpAddress& literal) : addresses_{literal} {}

  /// True where the addresses changed.
  bool learn(const Resolution& resolution);
  /// Sorted, each once; whatever order the servers answer in.
  const std::vector<IpAddress>& addresses() const noexcept { return addresses_; }
  /// The last lookup failed.
  bool failing() const noexcept { return failing_; }

 private:
  std::vector<IpAddress> addresses_;
  bool failing_ = false;
};

/// Looks one name up at once and then every `interval` after the answer, until destroyed.
/// Lives on the thread of `context` and ends before it. `report` is never called from the
/// constructor, nor during or after the destructor; it may destroy the watch. A lookup
/// under way is not interrupted: its answer is dropped.
class NameWatch {
 public:
  using Report = std::function<void(const Resolution&)>;

  NameWatch(boost::asio::io_context& context, std::string host, Milliseconds interval,
            Resolve resolve, Report report);
  ~NameWatch();
  NameWatch(const NameWatch&) = delete;
  NameWatch& operator=(const NameWatch&) = delete;

 private:
  struct Run;
  static net::Task<> watch(std::shared_ptr<Run> run);

  std::shared_ptr<Run> run_;
};

}  // namespace weir::upstream
