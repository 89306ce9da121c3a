#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/plan.h"
#include "net/sticky_secrets.h"
#include "net/tls_client.h"
#include "net/tls_problem.h"
#include "net/tls_server.h"

namespace weir::net {

/// TLS towards the pools, by service; null for a pool in the clear. Immutable.
using TlsClients = std::map<std::string, PerVersion<std::shared_ptr<const TlsClient>>>;

/// TLS towards hooks and webhooks, by `HttpTarget::ca_file`. Immutable.
using HookTls = std::map<std::string, std::shared_ptr<const TlsClient>>;

/// All that a configuration's TLS files hold, read, and the secrets of sticky keys with them.
struct TlsMaterial {
  std::vector<std::shared_ptr<const TlsServer>> listeners;  ///< as in `plan.listen`; null: plain
  std::shared_ptr<const TlsClients> clients;
  std::shared_ptr<const HookTls> hooks;
  std::shared_ptr<const StickySecrets> sticky;
  TlsProblems problems;  ///< empty: everything is there and fits
};

TlsMaterial load_tls(const Plan& plan, const std::shared_ptr<TicketKeys>& keys);

/// Of the secrets that requests to hooks and webhooks are signed with.
TlsProblems unreadable_secrets(const Plan& plan);

/// The files that are read for `TlsMaterial`, and whether they are still the same.
class TlsFiles {
 public:
  /// Looks at them now: before they are read, so that a change in between is not missed.
  explicit TlsFiles(const Plan& plan);
  /// Whether one differs from the last look.
  bool changed();

 private:
  struct Stamp {
    std::int64_t modified_ns = 0;
    std::int64_t size = -1;  ///< -1: cannot be seen
    std::uint64_t inode = 0;
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const std::string& file);
  void watch(const std::string& file);

  std::map<std::string, Stamp> seen_;
};

}  // namespace weir::net
