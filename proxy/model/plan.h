#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/endpoint.h"
#include "model/instant.h"
#include "model/ip_address.h"
#include "model/notification_plan.h"
#include "model/rollout_policy.h"
#include "model/tls_plan.h"
#include "model/version.h"
#include "model/weight.h"
#include "model/wire_limits.h"

namespace weir {

/// An address to listen on.
struct ListenAddress {
  IpAddress address;
  std::uint16_t port = 0;  ///< 0: any free port (tests)
  bool operator==(const ListenAddress&) const = default;
};

/// One address to listen on, and what is asked of who connects to it.
struct ListenerPlan {
  ListenAddress at;
  std::optional<ListenerTls> tls;
  /// Peers that begin each connection with a PROXY header; others are refused. Empty: no
  /// header is expected of anybody.
  std::vector<Cidr> proxy_protocol_from;
  std::optional<std::uint16_t> redirect_to_https;  ///< the port all requests are sent to
};

/// Which requests a service takes. The longest matching prefix of the most
/// specific matching host wins.
struct ServiceMatch {
  std::vector<std::string> hosts;  ///< lower case; "*.example.com" allowed; empty: any
  std::string path_prefix = "/";   ///< whole segments: "/shop" takes "/shop" and "/shop/x"
};

/// Where the key of the split comes from.
struct StickyKey {
  enum class Source : std::uint8_t { none, cookie, header, client_address };
  enum class Secure : std::uint8_t { automatic, always, never };
  enum class SameSite : std::uint8_t { lax, strict, none };

  Source source = Source::cookie;
  std::string name = "weir_key";  ///< of the cookie or header
  bool issue = true;              ///< cookie: set one where the client has none
  Milliseconds lifetime{86'400'000};
  Secure secure = Secure::automatic;  ///< automatic: for clients that came by https
  SameSite same_site = SameSite::lax;
  std::string secret_file;           ///< cookies are signed with what it holds; empty: they are not
  std::string previous_secret_file;  ///< those signed with this count as well; empty: none do
};

/// How a client reaches canary whatever the weight.
struct Preview {
  std::string header;         ///< field name; empty: off. Any value but "0" or empty counts
  std::string cookie;         ///< cookie name; empty: off
  bool trusted_only = false;  ///< only from forwarded.trusted peers
};

/// Failed canary exchanges of safe methods are answered by stable.
struct Shield {
  bool enabled = true;
  bool on_500 = false;  ///< a 500 counts as failed beside 502, 503, 504
};

struct RetryBudget {
  Weight share = Weight::percent(20);  ///< of requests
  std::uint32_t per_second = 10;       ///< on top, so that a quiet service may retry at all
};

/// Active check of each endpoint.
struct HealthCheck {
  enum class Kind : std::uint8_t { none, tcp, http };
  Kind kind = Kind::http;
  std::string path = "/healthz";
  std::string host;  ///< Host field; empty: the endpoint's own name
  std::uint16_t expect_status = 200;
  Milliseconds interval{2'000};
  Weight jitter = Weight::percent(15);
  Milliseconds timeout{1'000};
  std::uint32_t rise = 2;
  std::uint32_t fall = 3;
  bool operator==(const HealthCheck&) const = default;
};

/// Passive ejection after failures seen on live traffic.
struct Ejection {
  std::uint32_t consecutive_failures = 5;  ///< 0: off
  Milliseconds base{10'000};               ///< times the number of ejections so far
  Milliseconds longest{300'000};
  Weight max_share = Weight::percent(10);  ///< max(1, floor(n · share)), never the last one
  bool operator==(const Ejection&) const = default;
};

struct PoolPlan {
  std::vector<EndpointName> endpoints;
  std::optional<PoolTls> tls;  ///< nothing: in the clear
  HealthCheck check;
  Ejection ejection;
  Weight panic_below = Weight::percent(50);
  Milliseconds resolve_interval{5'000};  ///< of DNS names
  Milliseconds idle{1'500};              ///< kept below the server's own (gunicorn: 2 s)
  std::uint32_t max_idle = 128;          ///< idle connections per endpoint and worker
  std::uint32_t capacity = 0;            ///< requests/s one endpoint can take; 0: not stated
  bool operator==(const PoolPlan&) const = default;
};

/// What becomes of tunnels whose version serves no new clients any more.
struct TunnelPlan {
  Milliseconds after_switch{300'000};   ///< until they are closed at the latest
  Weight jitter = Weight::percent(20);  ///< of that time, its end, over which they are
};

/// A share of stable's safe requests is sent to canary as well while its weight is 0, and
/// the answers are compared.
struct MirrorPlan {
  Weight share;                              ///< of the requests that may be copied; none: off
  std::uint32_t max_in_flight = 16;          ///< copies, per worker; beyond they are dropped
  Milliseconds timeout{5'000};               ///< for a copy, connecting included
  std::uint64_t max_answer = 1024UL * 1024;  ///< bytes of its body that are read
  bool on() const noexcept { return share > Weight::none(); }
};

struct ServicePlan {
  std::string name;  ///< label of metrics and path of the API: [a-z0-9-]{1,63}
  ServiceMatch match;
  StickyKey key;
  std::string salt;  ///< empty: the name
  Preview preview;
  bool version_header = false;  ///< X-Weir-Version on responses
  Shield shield;
  RetryBudget retry_budget;
  TunnelPlan tunnels;
  MirrorPlan mirror;
  std::optional<std::uint64_t> body_bytes;  ///< instead of limits.body_bytes
  std::optional<Milliseconds> response;     ///< instead of timeouts.response
  std::optional<Milliseconds> per_try;      ///< instead of timeouts.per_try
  PerVersion<PoolPlan> pools;
  Version stable = Version::blue;  ///< before any state exists
  RolloutPolicy rollout;
};

struct ForwardedPlan {
  std::vector<Cidr> trusted;  ///< default: Google's front ends
  std::uint32_t client_from_right =
      2;  ///< position in X-Forwarded-For; Google appends its own last
};

/// What the admin API may cost.
struct AdminLimits {
  std::uint32_t head_bytes = 8 * 1024;   ///< 431 beyond
  std::uint32_t body_bytes = 64 * 1024;  ///< 413 beyond
  std::uint32_t connections = 256;       ///< closed beyond
  std::uint32_t event_streams = 128;     ///< 503 beyond, so that they never crowd out an abort
  std::uint32_t event_queue = 256;       ///< unsent events of one stream; it ends beyond
};

struct AdminPlan {
  ListenAddress listen;    ///< default 127.0.0.1:9901
  std::string token_file;  ///< empty: no token, loopback only
  std::string audit_file;  ///< empty: standard output
  AdminLimits limits;
};

struct HealthPlan {
  std::optional<ListenAddress> listen;  ///< nothing: /readyz is on the admin port alone
};

/// How a process that replaces this one reaches it.
struct TakeOverPlan {
  std::string socket;            ///< a path; empty: it cannot be replaced
  Milliseconds timeout{10'000};  ///< for each step of the other one
};

struct LogPlan {
  std::string level = "info";            ///< debug, info, warn, error
  Weight access_sample = Weight::all();  ///< share of exchanges logged; failures always
  std::uint32_t queue = 8192;            ///< access lines waiting per worker; beyond: lost, counted
  Milliseconds refusal_interval{10'000};  ///< refusals of one reason are told of once in it
};

/// When the process stops taking more, as shares of the memory it may use.
struct MemoryPlan {
  std::uint64_t most_bytes = 0;           ///< 0: the limit of its cgroup
  Weight high = Weight::percent(92);      ///< no keep-alive beyond
  Weight critical = Weight::percent(95);  ///< nothing new beyond
};

struct DrainPlan {
  Milliseconds accept{25'000};
  Milliseconds idle{1'000};
  Milliseconds deadline{60'000};
};

struct StatePlan {
  std::string file;            ///< empty: state is not kept, and the log says so
  std::uint32_t history = 50;  ///< past rollouts of each service; kept beside the file
};

/// Everything the configuration says, checked. Built only by `settings/`.
struct Plan {
  std::vector<ListenerPlan> listen;
  std::uint32_t workers = 0;  ///< 0: one per core
  AdminPlan admin;
  HealthPlan health;
  TakeOverPlan take_over;
  StatePlan state;
  LogPlan log;
  WireLimits limits;
  std::uint32_t checks_per_second = 1'000;  ///< health checks of all pools; beyond they wait
  MemoryPlan memory;
  WireTimeouts timeouts;
  ForwardedPlan forwarded;
  DrainPlan drain;
  NotificationPlan notifications;
  std::vector<ServicePlan> services;
};

}  // namespace weir
