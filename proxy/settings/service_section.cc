#include "settings/service_section.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "settings/pool_section.h"
#include "settings/rollout_section.h"
#include "settings/text_rules.h"

namespace weir::settings {
namespace {

/// What the services read so far have taken, and the path of who took it.
struct Taken {
  std::map<std::string, std::string> names;
  std::map<std::pair<std::string, std::string>, std::string> matches;  ///< host, prefix
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

/// "header: X" or "client_address: true"; such a flag has no other value.
void read_other_source(const Section& section, StickyKey& key) {
  if (section.has("header")) {
    key.source = StickyKey::Source::header;
    section.read_text("header", key.name, &parse_token);
    return;
  }
  const bool by_address = section.has("client_address");
  key.source = by_address ? StickyKey::Source::client_address : StickyKey::Source::none;
  key.name.clear();
  const std::string_view flag = by_address ? "client_address" : "none";
  bool chosen = true;
  if (section.read(flag, chosen) && !chosen) {
    section.report(flag, "is false; allowed: true, or leave it out");
  }
}

void read_key(const Section& section, StickyKey& key) {
  constexpr std::array<std::string_view, 4> sources{"cookie", "header", "client_address", "none"};
  std::vector<std::string_view> given;
  std::copy_if(sources.begin(), sources.end(), std::back_inserter(given),
               [&](std::string_view source) { return section.has(source); });
  if (given.size() > 1) {
    return section.report(given[1], "is a second source beside " + in_quotes(given[0]) +
                                        "; allowed: one of cookie, header, client_address, none");
  }
  section.read_text("cookie", key.name, &parse_token);
  section.read("issue", key.issue);
  section.read("lifetime", key.lifetime);
  if (given.empty() || given[0] == "cookie") return;
  for (const std::string_view only_cookie : {"issue", "lifetime"}) {
    if (section.has(only_cookie)) {
      section.report(only_cookie, "has no effect without a cookie; allowed: with key.cookie only");
    }
  }
  read_other_source(section, key);
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
  read_key(section.child("key"), service.key);
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
