#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "configuration_text.h"
#include "settings/amounts.h"
#include "settings/keys.h"
#include "settings/load.h"

namespace weir::settings {
namespace {

using Seen = std::variant<Milliseconds, Weight, std::uint64_t, double, bool, std::string>;

/// How to see a key in the plan, a value that is not its default, and what must stand beside it.
struct Sight {
  std::string path;
  Seen (*seen)(const Plan&);
  std::string other;
  std::string beside{};
};

const ServicePlan& service(const Plan& plan) { return plan.services.at(0); }
const PoolPlan& blue(const Plan& plan) { return service(plan).pools[Version::blue]; }
const Step& step(const Plan& plan) { return service(plan).rollout.steps.at(0); }
ErrorGuard errors(const Plan& plan) { return service(plan).rollout.errors.value_or(ErrorGuard{}); }
LatencyGuard latency(const Plan& plan) {
  return service(plan).rollout.latency.value_or(LatencyGuard{});
}
ErrorThreshold error_threshold(const Plan& plan) {
  return service(plan).rollout.error_threshold.value_or(ErrorThreshold{});
}
LatencyThreshold latency_threshold(const Plan& plan) {
  return service(plan).rollout.latency_threshold.value_or(LatencyThreshold{});
}
HealthGuard health(const Plan& plan) {
  return service(plan).rollout.health.value_or(HealthGuard{});
}
OutageGuard outage(const Plan& plan) {
  return service(plan).rollout.outage.value_or(OutageGuard{});
}

std::string text_of(const ListenAddress& listen) {
  return listen.address.text() + ":" + std::to_string(listen.port);
}
std::string text_of(const Cidr& block) {
  return block.base().text() + "/" + std::to_string(block.prefix_bits() - 96);
}
std::string text_of(const ListenerPlan& listener) { return text_of(listener.at); }
std::string text_of(const std::string& text) { return text; }

ListenerTls listener_tls(const Plan& plan) { return plan.listen.at(0).tls.value_or(ListenerTls{}); }
PoolTls pool_tls(const Plan& plan) { return blue(plan).tls.value_or(PoolTls{}); }

std::string clients_of(const ListenerTls& tls) {
  using Clients = ListenerTls::ClientCertificates;
  if (tls.client_certificates == Clients::off) return "off";
  return tls.client_certificates == Clients::optional ? "optional" : "required";
}

std::string minimum_of(const ListenerTls& tls) {
  return tls.minimum == TlsVersion::v1_2 ? "1.2" : "1.3";
}

template <class T>
std::string list_of(const std::vector<T>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + text_of(item);
  return "[" + text + "]";
}

std::string kind_of(const HealthCheck& check) {
  if (check.kind == HealthCheck::Kind::none) return "none";
  return check.kind == HealthCheck::Kind::tcp ? "tcp" : "http";
}

std::string key_name(const Plan& plan, StickyKey::Source source) {
  return service(plan).key.source == source ? service(plan).key.name : "";
}

bool keyed_by(const Plan& plan, StickyKey::Source source) {
  return service(plan).key.source == source;
}

std::string secure_of(const StickyKey& key) {
  if (key.secure == StickyKey::Secure::automatic) return "auto";
  return key.secure == StickyKey::Secure::always ? "always" : "never";
}

std::string same_site_of(const StickyKey& key) {
  if (key.same_site == StickyKey::SameSite::lax) return "lax";
  return key.same_site == StickyKey::SameSite::strict ? "strict" : "none";
}

std::string text_of(const HttpTarget& target) {
  const auto& [host, port] = target.at;
  const bool usual = port == (target.secured ? 443 : 80);
  return (target.secured ? "https://" : "http://") +
         (host.find(':') == std::string::npos ? host : "[" + host + "]") +
         (usual ? "" : ":" + std::to_string(port)) + target.path;
}

std::string text_of(const std::vector<Hook>& hooks) {
  if (hooks.empty()) return "[]";
  const auto& hook = hooks.front();
  return "[{name: " + hook.name + ", at: " + std::string(name_of(hook.at)) +
         ", url: " + text_of(hook.target) + ", deadline: " + std::to_string(hook.deadline.count()) +
         "ms}]";
}

std::string text_of(const std::vector<WebhookPlan>& webhooks) {
  if (webhooks.empty()) return "[]";
  const auto& webhook = webhooks.front();
  return "[{name: " + webhook.name + ", url: " + text_of(webhook.target) + "}]";
}

Hook hook(const Plan& plan) {
  const auto& hooks = service(plan).rollout.hooks;
  return hooks.empty() ? Hook{} : hooks.front();
}

WebhookPlan webhook(const Plan& plan) {
  const auto& webhooks = plan.notifications.webhooks;
  return webhooks.empty() ? WebhookPlan{} : webhooks.front();
}

/// Of a key whose default is nothing.
template <class T>
Seen own(const std::optional<T>& value) {
  if (value) return *value;
  return std::string();
}

#define WEIR_SEEN(expression) [](const Plan& plan) -> Seen { return expression; }
#define WEIR_COUNT(expression) WEIR_SEEN(std::uint64_t{expression})

const std::vector<Sight> sights{
    {"listen", WEIR_SEEN(list_of(plan.listen)), "[127.0.0.1:81, 127.0.0.1:82]"},
    {"listen[].tls.client_certificates", WEIR_SEEN(clients_of(listener_tls(plan))), "required",
     "client_ca: ca.pem"},
    {"listen[].tls.client_ca", WEIR_SEEN(listener_tls(plan).client_ca), "ca.pem",
     "client_certificates: optional"},
    {"listen[].tls.minimum", WEIR_SEEN(minimum_of(listener_tls(plan))), "1.3"},
    {"listen[].tls.ciphers", WEIR_SEEN(listener_tls(plan).ciphers), "ECDHE-RSA-AES128-GCM-SHA256"},
    {"listen[].redirect_to_https.port",
     WEIR_COUNT(plan.listen.at(0).redirect_to_https.value_or(443)), "8443"},
    {"workers", WEIR_COUNT(plan.workers), "3"},
    {"admin.listen", WEIR_SEEN(text_of(plan.admin.listen)), "127.0.0.2:99"},
    {"admin.token_file", WEIR_SEEN(plan.admin.token_file), "tokens"},
    {"admin.audit_file", WEIR_SEEN(plan.admin.audit_file), "audit.log"},
    {"health.listen", WEIR_SEEN(plan.health.listen ? text_of(*plan.health.listen) : std::string()),
     "127.0.0.2:98"},
    {"take_over.socket", WEIR_SEEN(plan.take_over.socket), "/run/weir/next"},
    {"take_over.timeout", WEIR_SEEN(plan.take_over.timeout), "20s"},
    {"state.file", WEIR_SEEN(plan.state.file), "state.json"},
    {"state.history", WEIR_COUNT(plan.state.history), "7"},
    {"log.level", WEIR_SEEN(plan.log.level), "debug"},
    {"log.access_sample", WEIR_SEEN(plan.log.access_sample), "0.5%"},
    {"admin.limits.head_bytes", WEIR_COUNT(plan.admin.limits.head_bytes), "2KiB"},
    {"admin.limits.body_bytes", WEIR_COUNT(plan.admin.limits.body_bytes), "3KiB"},
    {"admin.limits.connections", WEIR_COUNT(plan.admin.limits.connections), "5"},
    {"admin.limits.event_streams", WEIR_COUNT(plan.admin.limits.event_streams), "6"},
    {"admin.limits.event_queue", WEIR_COUNT(plan.admin.limits.event_queue), "7"},
    {"log.queue", WEIR_COUNT(plan.log.queue), "64"},
    {"log.refusal_interval", WEIR_SEEN(plan.log.refusal_interval), "1s"},
    {"limits.upload_rate", WEIR_COUNT(plan.limits.upload_rate), "1KiB"},
    {"limits.checks_per_second", WEIR_COUNT(plan.checks_per_second), "10"},
    {"timeouts.rate_window", WEIR_SEEN(plan.timeouts.rate_window), "2s"},
    {"limits.head_bytes", WEIR_COUNT(plan.limits.head_bytes), "16KiB"},
    {"limits.fields", WEIR_COUNT(plan.limits.fields), "50"},
    {"limits.target_bytes", WEIR_COUNT(plan.limits.target_bytes), "4KB"},
    {"limits.connections_per_address", WEIR_COUNT(plan.limits.connections_per_address), "9"},
    {"limits.queue_per_pool", WEIR_COUNT(plan.limits.queue_per_pool), "10"},
    {"limits.memory", WEIR_COUNT(plan.memory.most_bytes), "64MiB"},
    {"limits.memory_high", WEIR_SEEN(plan.memory.high), "50%"},
    {"limits.memory_critical", WEIR_SEEN(plan.memory.critical), "99%"},
    {"timeouts.per_try", WEIR_SEEN(plan.timeouts.per_try), "400ms"},
    {"timeouts.queue", WEIR_SEEN(plan.timeouts.queue), "20ms"},
    {"services[].limits.body_bytes", WEIR_SEEN(own(service(plan).body_bytes)), "7KiB"},
    {"services[].timeouts.response", WEIR_SEEN(own(service(plan).response)), "7s"},
    {"services[].timeouts.per_try", WEIR_SEEN(own(service(plan).per_try)), "300ms"},
    {"limits.chunk_line_bytes", WEIR_COUNT(plan.limits.chunk_line_bytes), "1KiB"},
    {"limits.trailer_bytes", WEIR_COUNT(plan.limits.trailer_bytes), "2KiB"},
    {"limits.proxy_header_bytes", WEIR_COUNT(plan.limits.proxy_header_bytes), "1KiB"},
    {"limits.body_bytes", WEIR_COUNT(plan.limits.body_bytes), "5GiB"},
    {"limits.connections", WEIR_COUNT(plan.limits.connections), "77"},
    {"limits.requests_per_pool", WEIR_COUNT(plan.limits.requests_per_pool), "78"},
    {"limits.tunnels", WEIR_COUNT(plan.limits.tunnels), "79"},
    {"limits.interim_responses", WEIR_COUNT(plan.limits.interim_responses), "3"},
    {"timeouts.head", WEIR_SEEN(plan.timeouts.head), "1.5s"},
    {"timeouts.body_stall", WEIR_SEEN(plan.timeouts.body_stall), "11s"},
    {"timeouts.send_stall", WEIR_SEEN(plan.timeouts.send_stall), "12s"},
    {"timeouts.keep_alive", WEIR_SEEN(plan.timeouts.keep_alive), "13m"},
    {"timeouts.response", WEIR_SEEN(plan.timeouts.response), "14s"},
    {"timeouts.connect", WEIR_SEEN(plan.timeouts.connect), "250ms"},
    {"timeouts.tunnel_idle", WEIR_SEEN(plan.timeouts.tunnel_idle), "10m"},
    {"timeouts.handshake", WEIR_SEEN(plan.timeouts.handshake), "3s"},
    {"timeouts.tls_session", WEIR_SEEN(plan.timeouts.tls_session), "2h"},
    {"forwarded.trusted", WEIR_SEEN(list_of(plan.forwarded.trusted)), "[10.0.0.0/8]"},
    {"forwarded.client_from_right", WEIR_COUNT(plan.forwarded.client_from_right), "1"},
    {"drain.accept", WEIR_SEEN(plan.drain.accept), "0"},
    {"drain.idle", WEIR_SEEN(plan.drain.idle), "2s"},
    {"drain.deadline", WEIR_SEEN(plan.drain.deadline), "5s"},
    {"services[].hosts", WEIR_SEEN(list_of(service(plan).match.hosts)),
     "[a.example, '*.b.example']"},
    {"services[].path_prefix", WEIR_SEEN(service(plan).match.path_prefix), "/shop"},
    {"services[].key.cookie", WEIR_SEEN(key_name(plan, StickyKey::Source::cookie)), "sid"},
    {"services[].key.header", WEIR_SEEN(key_name(plan, StickyKey::Source::header)), "X-Id"},
    {"services[].key.client_address", WEIR_SEEN(keyed_by(plan, StickyKey::Source::client_address)),
     "true"},
    {"services[].key.none", WEIR_SEEN(keyed_by(plan, StickyKey::Source::none)), "true"},
    {"services[].key.issue", WEIR_SEEN(service(plan).key.issue), "false"},
    {"services[].key.lifetime", WEIR_SEEN(service(plan).key.lifetime), "48h"},
    {"services[].key.secure", WEIR_SEEN(secure_of(service(plan).key)), "always"},
    {"services[].key.same_site", WEIR_SEEN(same_site_of(service(plan).key)), "strict"},
    {"services[].key.secret_file", WEIR_SEEN(service(plan).key.secret_file), "secret"},
    {"services[].key.previous_secret_file", WEIR_SEEN(service(plan).key.previous_secret_file),
     "old", "secret_file: new"},
    {"services[].salt", WEIR_SEEN(service(plan).salt), "pepper"},
    {"services[].preview.header", WEIR_SEEN(service(plan).preview.header), "X-Preview"},
    {"services[].preview.cookie", WEIR_SEEN(service(plan).preview.cookie), "preview"},
    {"services[].preview.trusted_only", WEIR_SEEN(service(plan).preview.trusted_only), "true",
     "header: X-Preview"},
    {"services[].version_header", WEIR_SEEN(service(plan).version_header), "true"},
    {"services[].shield.enabled", WEIR_SEEN(service(plan).shield.enabled), "false"},
    {"services[].shield.on_500", WEIR_SEEN(service(plan).shield.on_500), "true"},
    {"services[].retry_budget.share", WEIR_SEEN(service(plan).retry_budget.share), "7%"},
    {"services[].retry_budget.per_second", WEIR_COUNT(service(plan).retry_budget.per_second), "3"},
    {"services[].tunnels.after_switch", WEIR_SEEN(service(plan).tunnels.after_switch), "90s"},
    {"services[].tunnels.jitter", WEIR_SEEN(service(plan).tunnels.jitter), "5%"},
    {"services[].mirror.share", WEIR_SEEN(service(plan).mirror.share), "2.5%"},
    {"services[].mirror.max_in_flight", WEIR_COUNT(service(plan).mirror.max_in_flight), "3",
     "share: 1%"},
    {"services[].mirror.timeout", WEIR_SEEN(service(plan).mirror.timeout), "700ms", "share: 1%"},
    {"services[].mirror.max_answer", WEIR_COUNT(service(plan).mirror.max_answer), "9", "share: 1%"},
    {"services[].stable", WEIR_SEEN(std::string(name_of(service(plan).stable))), "green"},
    {"services[].pools.*.tls.ca_file", WEIR_SEEN(pool_tls(plan).ca_file), "ca.pem"},
    {"services[].pools.*.tls.server_name", WEIR_SEEN(pool_tls(plan).server_name), "a.example"},
    {"services[].pools.*.tls.certificate", WEIR_SEEN(pool_tls(plan).certificate), "a.crt",
     "key: a.key"},
    {"services[].pools.*.tls.key", WEIR_SEEN(pool_tls(plan).key), "a.key", "certificate: a.crt"},
    {"services[].pools.*.tls.verify", WEIR_SEEN(pool_tls(plan).verify), "false"},
    {"services[].pools.*.check.kind", WEIR_SEEN(kind_of(blue(plan).check)), "tcp"},
    {"services[].pools.*.check.path", WEIR_SEEN(blue(plan).check.path), "'/up?full=1'"},
    {"services[].pools.*.check.host", WEIR_SEEN(blue(plan).check.host), "shop.example"},
    {"services[].pools.*.check.expect_status", WEIR_COUNT(blue(plan).check.expect_status), "204"},
    {"services[].pools.*.check.interval", WEIR_SEEN(blue(plan).check.interval), "3s"},
    {"services[].pools.*.check.jitter", WEIR_SEEN(blue(plan).check.jitter), "5%"},
    {"services[].pools.*.check.timeout", WEIR_SEEN(blue(plan).check.timeout), "500ms"},
    {"services[].pools.*.check.rise", WEIR_COUNT(blue(plan).check.rise), "4"},
    {"services[].pools.*.check.fall", WEIR_COUNT(blue(plan).check.fall), "5"},
    {"services[].pools.*.ejection.consecutive_failures",
     WEIR_COUNT(blue(plan).ejection.consecutive_failures), "0"},
    {"services[].pools.*.ejection.base", WEIR_SEEN(blue(plan).ejection.base), "1s"},
    {"services[].pools.*.ejection.longest", WEIR_SEEN(blue(plan).ejection.longest), "1m"},
    {"services[].pools.*.ejection.max_share", WEIR_SEEN(blue(plan).ejection.max_share), "50%"},
    {"services[].pools.*.panic_below", WEIR_SEEN(blue(plan).panic_below), "0%"},
    {"services[].pools.*.resolve_interval", WEIR_SEEN(blue(plan).resolve_interval), "1m"},
    {"services[].pools.*.idle", WEIR_SEEN(blue(plan).idle), "4s"},
    {"services[].pools.*.max_idle", WEIR_COUNT(blue(plan).max_idle), "8"},
    {"services[].pools.*.capacity", WEIR_COUNT(blue(plan).capacity), "250"},
    {"services[].rollout.steps[].hold", WEIR_SEEN(step(plan).hold), "90s"},
    {"services[].rollout.steps[].min_requests", WEIR_COUNT(step(plan).min_requests), "9"},
    {"services[].rollout.steps[].manual_gate", WEIR_SEEN(step(plan).manual_gate), "true"},
    {"services[].rollout.guards.errors", WEIR_SEEN(service(plan).rollout.errors.has_value()),
     "off"},
    {"services[].rollout.guards.errors.action",
     WEIR_SEEN(std::string(name_of(errors(plan).action))), "hold"},
    {"services[].rollout.guards.errors.alpha", WEIR_SEEN(errors(plan).rule.alpha), "0.5%"},
    {"services[].rollout.guards.errors.tolerance", WEIR_SEEN(errors(plan).rule.tolerance), "2.25"},
    {"services[].rollout.guards.errors.floor", WEIR_SEEN(errors(plan).rule.floor), "0%"},
    {"services[].rollout.guards.errors.acceptable", WEIR_SEEN(errors(plan).rule.acceptable), "6%"},
    {"services[].rollout.guards.errors.acceptable_ratio",
     WEIR_SEEN(errors(plan).rule.acceptable_ratio), "1.5"},
    {"services[].rollout.guards.errors.beta", WEIR_SEEN(errors(plan).rule.beta), "1%"},
    {"services[].rollout.guards.errors.window", WEIR_SEEN(errors(plan).rule.window), "5s"},
    {"services[].rollout.guards.errors.failures_in_a_row",
     WEIR_COUNT(errors(plan).failures_in_a_row), "0"},
    {"services[].rollout.guards.latency", WEIR_SEEN(service(plan).rollout.latency.has_value()),
     "{}"},
    {"services[].rollout.guards.latency.action",
     WEIR_SEEN(std::string(name_of(latency(plan).action))), "warn"},
    {"services[].rollout.guards.latency.alpha", WEIR_SEEN(latency(plan).rule.alpha), "2%"},
    {"services[].rollout.guards.latency.tolerance", WEIR_SEEN(latency(plan).rule.tolerance), "3"},
    {"services[].rollout.guards.latency.floor", WEIR_SEEN(latency(plan).rule.floor), "2%"},
    {"services[].rollout.guards.latency.acceptable", WEIR_SEEN(latency(plan).rule.acceptable),
     "7%"},
    {"services[].rollout.guards.latency.acceptable_ratio",
     WEIR_SEEN(latency(plan).rule.acceptable_ratio), "4"},
    {"services[].rollout.guards.latency.beta", WEIR_SEEN(latency(plan).rule.beta), "10%"},
    {"services[].rollout.guards.latency.window", WEIR_SEEN(latency(plan).rule.window), "6s"},
    {"services[].rollout.guards.latency.slower_than", WEIR_SEEN(latency(plan).slower_than.fixed),
     "80ms"},
    {"services[].rollout.guards.error_threshold",
     WEIR_SEEN(service(plan).rollout.error_threshold.has_value()), "{}"},
    {"services[].rollout.guards.error_threshold.action",
     WEIR_SEEN(std::string(name_of(error_threshold(plan).action))), "hold"},
    {"services[].rollout.guards.error_threshold.window", WEIR_SEEN(error_threshold(plan).window),
     "5s"},
    {"services[].rollout.guards.error_threshold.min_requests",
     WEIR_COUNT(error_threshold(plan).min_requests), "6"},
    {"services[].rollout.guards.error_threshold.floor", WEIR_SEEN(error_threshold(plan).floor),
     "0%"},
    {"services[].rollout.guards.error_threshold.tolerance",
     WEIR_SEEN(error_threshold(plan).tolerance), "2.25"},
    {"services[].rollout.guards.latency_threshold",
     WEIR_SEEN(service(plan).rollout.latency_threshold.has_value()), "{}"},
    {"services[].rollout.guards.latency_threshold.action",
     WEIR_SEEN(std::string(name_of(latency_threshold(plan).action))), "warn"},
    {"services[].rollout.guards.latency_threshold.window",
     WEIR_SEEN(latency_threshold(plan).window), "6s"},
    {"services[].rollout.guards.latency_threshold.min_requests",
     WEIR_COUNT(latency_threshold(plan).min_requests), "7"},
    {"services[].rollout.guards.latency_threshold.floor", WEIR_SEEN(latency_threshold(plan).floor),
     "9%"},
    {"services[].rollout.guards.latency_threshold.tolerance",
     WEIR_SEEN(latency_threshold(plan).tolerance), "3"},
    {"services[].rollout.guards.latency_threshold.slower_than",
     WEIR_SEEN(latency_threshold(plan).slower_than.fixed), "90ms"},
    {"services[].rollout.guards.health", WEIR_SEEN(service(plan).rollout.health.has_value()),
     "off"},
    {"services[].rollout.guards.health.action",
     WEIR_SEEN(std::string(name_of(health(plan).action))), "hold"},
    {"services[].rollout.guards.health.min_healthy", WEIR_SEEN(health(plan).min_healthy), "100%"},
    {"services[].rollout.guards.outage", WEIR_SEEN(service(plan).rollout.outage.has_value()),
     "off"},
    {"services[].rollout.guards.outage.action",
     WEIR_SEEN(std::string(name_of(outage(plan).action))), "hold"},
    {"services[].rollout.guards.outage.window", WEIR_SEEN(outage(plan).window), "7s"},
    {"services[].rollout.guards.outage.min_requests", WEIR_COUNT(outage(plan).min_requests), "8"},
    {"services[].rollout.guards.outage.floor", WEIR_SEEN(outage(plan).floor), "11%"},
    {"services[].rollout.driver_timeout", WEIR_SEEN(service(plan).rollout.driver_timeout), "30s"},
    {"services[].rollout.max_wait", WEIR_SEEN(service(plan).rollout.max_wait), "15m"},
    {"services[].rollout.auto_promote", WEIR_SEEN(!step(plan).manual_gate), "false"},
    {"services[].rollout.bake", WEIR_SEEN(service(plan).rollout.bake), "10m"},
    {"services[].rollout.hooks", WEIR_SEEN(text_of(service(plan).rollout.hooks)),
     "[{name: qa, at: after_rollback, url: 'http://qa:81/x?y=1', deadline: 1500ms}]"},
    {"services[].rollout.hooks[].secret_file", WEIR_SEEN(hook(plan).target.secret_file), "secret"},
    {"services[].rollout.hooks[].ca_file", WEIR_SEEN(hook(plan).target.ca_file), "ca.pem"},
    {"services[].rollout.hooks[].retries", WEIR_COUNT(hook(plan).retries), "5"},
    {"services[].rollout.hooks[].on_failure",
     WEIR_SEEN(std::string(hook(plan).on_failure == Hook::OnFailure::hold ? "hold" : "rollback")),
     "rollback"},
    {"notifications.queue", WEIR_COUNT(plan.notifications.queue), "9"},
    {"notifications.webhooks", WEIR_SEEN(text_of(plan.notifications.webhooks)),
     "[{name: ops, url: 'https://[::1]/'}]"},
    {"notifications.webhooks[].format",
     WEIR_SEEN(std::string(webhook(plan).format == WebhookPlan::Format::json ? "json" : "slack")),
     "slack"},
    {"notifications.webhooks[].kinds", WEIR_SEEN(list_of(webhook(plan).kinds)),
     "[start, set-weight]"},
    {"notifications.webhooks[].secret_file", WEIR_SEEN(webhook(plan).target.secret_file), "secret"},
    {"notifications.webhooks[].ca_file", WEIR_SEEN(webhook(plan).target.ca_file), "ca.pem"},
    {"notifications.webhooks[].deadline", WEIR_SEEN(webhook(plan).deadline), "2s"},
    {"notifications.webhooks[].give_up_after", WEIR_SEEN(webhook(plan).give_up_after), "2h"},
};

#undef WEIR_COUNT
#undef WEIR_SEEN

Seen written(const Key& key, std::string text) {
  std::erase(text, '\'');
  if (text.empty()) return text;  // nothing: as the proxy
  if (key.type == "duration") return parse_duration(text).value();
  if (key.type == "share") return parse_share(text).value();
  if (key.type == "size") return parse_size(text).value();
  if (key.type == "number") return parse_count(text).value();
  if (key.type == "decimal") return parse_decimal(text).value();
  if (key.type == "true or false") return parse_flag(text).value();
  if (key.type == "section or off") return text != "off";
  return text;
}

/// "check.path" and "/up" as "check: {path: /up}".
std::string nested(const std::string& path, const std::string& value, const std::string& beside) {
  const auto dot = path.find('.');
  if (dot == std::string::npos) return path + ": " + value + (beside.empty() ? "" : ", " + beside);
  return path.substr(0, dot) + ": {" + nested(path.substr(dot + 1), value, beside) + "}";
}

/// A configuration that says nothing but this key, whose ramp is one step without settings.
std::string yaml_with(const std::string& path, const std::string& value,
                      const std::string& beside = {}) {
  const std::string pool = "services[].pools.*.", step_of = "services[].rollout.steps[].",
                    hook_of = "services[].rollout.hooks[].",
                    webhook_of = "notifications.webhooks[].", rollout = "services[].rollout.",
                    in_service = "services[].";
  const auto rest = [&](const std::string& prefix) {
    return nested(path.substr(prefix.size()), value, beside);
  };
  const std::string ramp = "rollout: {steps: [{weight: 7%";
  const std::string bare = ramp + "}]}", listener = "listen[].";
  if (path.starts_with(listener)) {
    const std::string certificates = "certificates: [{certificate: a.crt, key: a.key}]";
    const bool secured = path.starts_with("listen[].tls.");
    const auto more = secured && !beside.empty() ? certificates + ", " + beside : certificates;
    return ConfigurationText{
        .top = "listen: [{address: '127.0.0.1:81', " +
               nested(path.substr(listener.size()), value, secured ? more : "") + "}]\n",
        .service = bare}
        .yaml();
  }
  if (path.starts_with(pool)) return ConfigurationText{.service = bare, .blue = rest(pool)}.yaml();
  if (path.starts_with(step_of)) {
    return ConfigurationText{.service = ramp + ", " + rest(step_of) + "}]}"}.yaml();
  }
  if (path.starts_with(hook_of)) {
    return ConfigurationText{
        .service = ramp +
                   "}], hooks: [{name: qa, at: before_step, url: 'https://qa', deadline: 1s, " +
                   rest(hook_of) + "}]}"}
        .yaml();
  }
  if (path.starts_with(webhook_of)) {
    return ConfigurationText{.top = "notifications: {webhooks: [{name: ops, url: 'https://ops', " +
                                    rest(webhook_of) + "}]}\n",
                             .service = bare}
        .yaml();
  }
  if (path.starts_with(rollout)) {
    return ConfigurationText{.service = ramp + "}], " + rest(rollout) + "}"}.yaml();
  }
  if (path.starts_with(in_service)) {
    return ConfigurationText{.service = bare + ", " + rest(in_service)}.yaml();
  }
  return ConfigurationText{.top = nested(path, value, beside) + "\n", .service = bare}.yaml();
}

Plan loaded_plan(const std::string& yaml) {
  const auto loaded = load(yaml);
  for (const auto& mistake : loaded.mistakes) ADD_FAILURE() << format(mistake) << "\n" << yaml;
  return loaded.plan.value_or(Plan{});
}

TEST(Defaults, AreWhatTheTableSays) {
  const auto plan =
      loaded_plan(ConfigurationText{.service = "rollout: {steps: [{weight: 7%}]}"}.yaml());
  for (const auto& sight : sights) {
    const Key* key = find_key(sight.path);
    ASSERT_NE(key, nullptr) << sight.path;
    EXPECT_EQ(sight.seen(plan), written(*key, std::string(key->default_text))) << sight.path;
  }
}

TEST(Keys, EachIsReadIntoItsOwnField) {
  for (const auto& sight : sights) {
    const auto yaml = yaml_with(sight.path, sight.other, sight.beside);
    const auto loaded = load(yaml);
    ASSERT_TRUE(loaded.plan.has_value()) << yaml << format(loaded.mistakes.front());
    EXPECT_EQ(sight.seen(*loaded.plan), written(*find_key(sight.path), sight.other)) << sight.path;
  }
}

/// What has no default, or is itself made of keys, is looked at by the tests below; ramps and
/// windows in ramp_test.cc.
bool has_sight(const Key& key) {
  return std::any_of(sights.begin(), sights.end(),
                     [&](const Sight& sight) { return sight.path == key.path; });
}

TEST(Keys, NoneIsLeftOut) {
  for (const auto& key : keys()) {
    const bool apart = key.required() || key.path == "services[].rollout.steps" ||
                       key.path.starts_with("services[].rollout.ramp.") ||
                       key.path == "services[].rollout.hold_back" ||
                       key.path.starts_with("services[].rollout.freeze");
    EXPECT_NE(has_sight(key), apart) << key.path;
  }
}

TEST(Defaults, TheRampHasFourSteps) {
  const auto plan = loaded_plan(ConfigurationText{}.yaml());
  std::vector<Step> expected;
  for (const auto weight :
       {Weight::percent(5), Weight::percent(25), Weight::percent(50), Weight::percent(100)}) {
    expected.push_back({.weight = weight, .hold = std::chrono::seconds{60}, .min_requests = 100});
  }
  EXPECT_EQ(service(plan).rollout.steps, expected);
}

TEST(Required, KeysReachThePlan) {
  const auto plan =
      loaded_plan(ConfigurationText{.service = "rollout: {steps: [{weight: 7%}]}"}.yaml());
  EXPECT_EQ(service(plan).name, "shop");
  EXPECT_EQ(blue(plan).endpoints, (std::vector<EndpointName>{{"a", 1}}));
  EXPECT_EQ(service(plan).pools[Version::green].endpoints, (std::vector<EndpointName>{{"b", 1}}));
  EXPECT_EQ(step(plan).weight, Weight::percent(7));
}

}  // namespace
}  // namespace weir::settings
