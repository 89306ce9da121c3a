#include "settings/pool_section.h"

#include <set>
#include <string>

#include "settings/text_rules.h"

namespace weir::settings {
namespace {

void read_endpoints(const Section& section, std::vector<EndpointName>& endpoints) {
  if (!section.read_list("endpoints", endpoints, &parse_endpoint)) return;
  std::set<std::pair<std::string, std::uint16_t>> seen;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (seen.emplace(endpoints[i].host, endpoints[i].port).second) continue;
    section.report_item("endpoints", i, "is in this pool already; allowed: each endpoint once");
  }
}

void read_tls(const Section& section, PoolTls& tls) {
  section.read_text("ca_file", tls.ca_file, &parse_file_name);
  section.read_text("server_name", tls.server_name, &parse_server_name);
  section.read_text("certificate", tls.certificate, &parse_file_name);
  section.read_text("key", tls.key, &parse_file_name);
  section.read("verify", tls.verify);
  if (!section.sound()) return;
  if (tls.certificate.empty() != tls.key.empty()) {
    section.report(tls.key.empty() ? "certificate" : "key",
                   "stands alone; allowed: a certificate and its key, or neither");
  }
  if (!tls.verify && !tls.ca_file.empty()) {
    section.report("ca_file", "has no effect; allowed: only while verify is true");
  }
}

void read_check(const Section& section, HealthCheck& check) {
  section.read_choice("kind", check.kind);
  section.read_text("path", check.path, &parse_target);
  section.read_text("host", check.host, &parse_host_field);
  section.read("expect_status", check.expect_status);
  section.read("interval", check.interval);
  section.read("jitter", check.jitter);
  section.read("timeout", check.timeout);
  section.read("rise", check.rise);
  section.read("fall", check.fall);
  if (section.sound() && check.timeout > check.interval) {
    section.report(section.has("timeout") ? "timeout" : "interval",
                   "leaves the timeout above the interval; allowed: at most equal");
  }
}

void read_ejection(const Section& section, Ejection& ejection) {
  section.read("consecutive_failures", ejection.consecutive_failures);
  section.read("base", ejection.base);
  section.read("longest", ejection.longest);
  section.read("max_share", ejection.max_share);
  if (section.sound() && ejection.base > ejection.longest) {
    section.report(section.has("longest") ? "longest" : "base",
                   "leaves the longest ejection below the base; allowed: at least equal");
  }
}

}  // namespace

PoolPlan read_pool(const Section& section) {
  PoolPlan pool;
  read_endpoints(section, pool.endpoints);
  if (section.has("tls")) read_tls(section.child("tls"), pool.tls.emplace());
  read_check(section.child("check"), pool.check);
  read_ejection(section.child("ejection"), pool.ejection);
  section.read("panic_below", pool.panic_below);
  section.read("resolve_interval", pool.resolve_interval);
  section.read("idle", pool.idle);
  section.read("max_idle", pool.max_idle);
  section.read("capacity", pool.capacity);
  return pool;
}

}  // namespace weir::settings
