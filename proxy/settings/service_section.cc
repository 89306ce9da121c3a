#include "settings/service_section.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "settings/key_section.h"
#include "settings/pool_section.h"
#include "settings/rollout_section.h"
#include "settings/text_rules.h"

namespace weir::settings {
namespace {

/// A cookie that a service sets, and the hosts whose clients will send it.
struct SetCookie {
  std::string name, secret_file;
  std::vector<std::string> hosts;
  std::string path;  ///< of the service in the configuration
};

/// What the services read so far have taken, and the path of who took it.
struct Taken {
  std::map<std::string, std::string> names;
  std::map<std::pair<std::string, std::string>, std::string> matches;  ///< host, prefix
  std::vector<SetCookie> cookies;                                      ///< that are signed
};

void claim_name(const Section& section, const std::string& name, Taken& taken) {
  const auto [owner, is_new] = taken.names.emplace(name, section.path());
  if (is_new) return;
  section.report("name", in_quotes(name) + " is also the name of " + owner->second +
                             "; allowed: each name once");
}

void claim_match(const Section& section, const ServiceMatch& match, Taken& taken) {
  const auto hosts = match.hosts.empty() ? std::vector<std::string>{"any host"} : match.hosts;
  for (const auto& host : hosts) {
    const auto [owner, is_new] =
        taken.matches.emplace(std::pair(host, match.path_prefix), section.path());
    if (is_new || owner->second == section.path()) continue;
    section.report(section.has("hosts") ? "hosts" : "path_prefix",
                   in_quotes(host) + " with path_prefix " + in_quotes(match.path_prefix) +
                       " already goes to " + owner->second + "; allowed: each pair once");
  }
}

/// Whether there is a host that both patterns fit.
bool fit_one_host(std::string_view a, std::string_view b) {
  const auto covers = [](std::string_view pattern, std::string_view host) {
    return pattern.starts_with("*.") && host.ends_with(pattern.substr(1));
  };
  return a == b || covers(a, b) || covers(b, a);
}

bool share_a_host(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  if (some.empty() || others.empty()) return true;
  return std::any_of(some.begin(), some.end(), [&](const std::string& a) {
    return std::any_of(others.begin(), others.end(),
                       [&](const std::string& b) { return fit_one_host(a, b); });
  });
}

// Two that sign one cookie with different secrets would replace each other's for ever.
void claim_cookie(const Section& section, const ServicePlan& service, Taken& taken) {
  const auto& key = service.key;
  if (key.secret_file.empty()) return;
  const auto rival =
      std::find_if(taken.cookies.begin(), taken.cookies.end(), [&](const SetCookie& other) {
        return other.name == key.name && other.secret_file != key.secret_file &&
               share_a_host(other.hosts, service.match.hosts);
      });
  if (rival != taken.cookies.end()) {
    section.report("secret_file", "signs the cookie " + in_quotes(key.name) + " otherwise than " +
                                      rival->path +
                                      " on the same host; allowed: one file, or two cookies");
  }
  taken.cookies.push_back({key.name, key.secret_file, service.match.hosts, section.path()});
}

void refuse_repeated(const Section& section, const std::vector<std::string>& hosts) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (seen.insert(hosts[i]).second) continue;
    section.report_item("hosts", i,
                        in_quotes(hosts[i]) + " is listed twice; allowed: each host once");
  }
}

void read_match(const Section& section, ServiceMatch& match, Taken& taken) {
  const bool hosts_good =
      !section.has("hosts") || section.read_list("hosts", match.hosts, &parse_host_pattern);
  const bool prefix_good = !section.has("path_prefix") ||
                           section.read_text("path_prefix", match.path_prefix, &parse_path_prefix);
  if (hosts_good) refuse_repeated(section, match.hosts);
  if (hosts_good && prefix_good) claim_match(section, match, taken);
}

void read_preview(const Section& section, Preview& preview) {
  section.read_text("header", preview.header, &parse_optional_token);
  section.read_text("cookie", preview.cookie, &parse_optional_token);
  section.read("trusted_only", preview.trusted_only);
  if (section.sound() && preview.trusted_only && preview.header.empty() && preview.cookie.empty()) {
    section.report("trusted_only", "has no effect; allowed: with a preview header or cookie");
  }
}

void read_shield(const Section& section, Shield& shield) {
  section.read("enabled", shield.enabled);
  section.read("on_500", shield.on_500);
  if (section.sound() && shield.on_500 && !shield.enabled) {
    section.report("on_500", "has no effect; allowed: true only while enabled");
  }
}

void read_retry_budget(const Section& section, RetryBudget& budget) {
  section.read("share", budget.share);
  section.read("per_second", budget.per_second);
}

void read_tunnels(const Section& section, TunnelPlan& tunnels) {
  section.read("after_switch", tunnels.after_switch);
  section.read("jitter", tunnels.jitter);
}

void read_mirror(const Section& section, MirrorPlan& mirror) {
  section.read("share", mirror.share);
  section.read("max_in_flight", mirror.max_in_flight);
  section.read("timeout", mirror.timeout);
  section.read_size("max_answer", mirror.max_answer);
  if (!section.sound() || section.has("share")) return;
  for (const std::string_view bound : {"max_in_flight", "timeout", "max_answer"}) {
    if (section.has(bound)) section.report(bound, "has no effect; allowed: with a share");
  }
}

void read_pools(const Section& section, PerVersion<PoolPlan>& pools) {
  for (const Version version : both_versions) {
    if (section.has(name_of(version))) {
      pools[version] = read_pool(section.child(name_of(version)));
    }
  }
}

/// What this service has of its own instead of the proxy's.
void read_own_bounds(const Section& section, ServicePlan& service) {
  if (std::uint64_t bytes = 0; section.child("limits").read_size("body_bytes", bytes)) {
    service.body_bytes = bytes;
  }
  if (Milliseconds response{}; section.child("timeouts").read("response", response)) {
    service.response = response;
  }
  if (Milliseconds per_try{}; section.child("timeouts").read("per_try", per_try)) {
    service.per_try = per_try;
  }
}

ServicePlan read_service(const Section& section, std::optional<Milliseconds> response,
                         Taken& taken) {
  ServicePlan service;
  if (section.read_text("name", service.name, &parse_service_name)) {
    claim_name(section, service.name, taken);
  }
  read_match(section, service.match, taken);
  const auto key = section.child("key");
  read_key(key, service.key);
  claim_cookie(key, service, taken);
  section.read_text("salt", service.salt, &parse_short_text);
  read_preview(section.child("preview"), service.preview);
  section.read("version_header", service.version_header);
  read_shield(section.child("shield"), service.shield);
  read_retry_budget(section.child("retry_budget"), service.retry_budget);
  read_tunnels(section.child("tunnels"), service.tunnels);
  read_mirror(section.child("mirror"), service.mirror);
  section.read_choice("stable", service.stable);
  if (section.has("pools")) read_pools(section.child("pools"), service.pools);
  read_own_bounds(section, service);
  if (service.response) response = service.response;
  service.rollout = read_rollout(section.child("rollout"), response);
  return service;
}

}  // namespace

std::vector<ServicePlan> read_services(const Section& root, std::optional<Milliseconds> response) {
  std::vector<ServicePlan> services;
  Taken taken;
  for (const auto& section : root.children("services")) {
    services.push_back(read_service(section, response, taken));
  }
  return services;
}

}  // namespace weir::settings
