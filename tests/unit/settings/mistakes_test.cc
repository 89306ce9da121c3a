#include <gtest/gtest.h>

#include "configuration_text.h"
#include "settings/load.h"

namespace weir::settings {
namespace {

std::string top(const std::string& text) { return ConfigurationText{.top = text + "\n"}.yaml(); }
std::string service(const std::string& text) { return ConfigurationText{.service = text}.yaml(); }
std::string blue(const std::string& text) { return ConfigurationText{.blue = text}.yaml(); }
std::string rollout(const std::string& text) { return service("rollout: {" + text + "}"); }
std::string guards(const std::string& text) { return rollout("guards: {" + text + "}"); }
std::string steps(const std::string& text) { return rollout("steps: [" + text + "]"); }
std::string hook(const std::string& text, const std::string& beside = "deadline: 5s") {
  return rollout("hooks: [{name: qa, at: before_step, " + beside + ", " + text + "}]");
}
std::string webhook(const std::string& text) {
  return top("notifications: {webhooks: [{name: ops, " + text + "}]}");
}
std::string second(const std::string& text) {
  return ConfigurationText{.more = "{" + text + "}"}.yaml();
}
std::string endpoints(const std::string& text) {
  return "services: [{name: shop, pools: {blue: {endpoints: " + text +
         "}, green: {endpoints: ['b:1']}}}]";
}
const std::string pools = "pools: {blue: {endpoints: ['a:1']}, green: {endpoints: ['b:1']}}";

/// Two services, each with more to it.
std::string signed_beside(const std::string& first, const std::string& other) {
  return ConfigurationText{.service = first, .more = "{name: b, " + pools + ", " + other + "}"}
      .yaml();
}

std::string all_of(const Loaded& loaded) {
  std::string text;
  for (const auto& mistake : loaded.mistakes) text += format(mistake) + "\n";
  return text;
}

struct Wrong {
  std::string yaml;
  std::string path;
  std::string fragment;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.path << "\n" << wrong.yaml; }

class Mistaken : public testing::TestWithParam<Wrong> {};

TEST_P(Mistaken, IsReportedOnceUnderItsPath) {
  const auto loaded = load(GetParam().yaml);
  EXPECT_FALSE(loaded.plan.has_value());
  ASSERT_EQ(loaded.mistakes.size(), 1u) << all_of(loaded);
  const auto& mistake = loaded.mistakes.front();
  EXPECT_EQ(mistake.path, GetParam().path);
  EXPECT_NE(mistake.message.find(GetParam().fragment), std::string::npos) << mistake.message;
  EXPECT_GT(mistake.line, 0);
}

const std::string at = "address: '1.1.1.1:80', ";

std::string listener(const std::string& section) { return top("listen: [{" + section + "}]"); }

std::string secured(const std::string& more, const std::string& beside = "") {
  return listener(at + "tls: {certificates: [{certificate: a, key: b}]" +
                  (more.empty() ? "" : ", " + more) + "}" + beside);
}

INSTANTIATE_TEST_SUITE_P(
    Shape, Mistaken,
    testing::Values(
        Wrong{"", "services", "is missing"}, Wrong{"[]", "", "a list is not a section"},
        Wrong{"hello", "", "'hello' is not a section"},
        Wrong{"services:", "services", "nothing is not"},
        Wrong{"services: []", "services", "is empty; allowed: at least one"},
        Wrong{"services: {}", "services", "a section is not a list"},
        Wrong{"services: [x]", "services[0]", "'x' is not a section; allowed: name"},
        Wrong{"a: [", "", "cannot be read"},
        Wrong{top("workres: 1"), "workres", "did you mean 'workers'?"},
        Wrong{top("zebra: 1"), "zebra", "is not a known key; allowed: listen, workers"},
        Wrong{top("workers: 1\nworkers: 2"), "workers", "is given twice"},
        Wrong{top("limits: {head: 1}"), "limits.head", "allowed: head_bytes"},
        Wrong{top("limits: []"), "limits", "a list is not a section; allowed: head_bytes"},
        Wrong{top("limits: {fields: [1]}"), "limits.fields", "a list is not a number"},
        Wrong{top("limits: {fields: }"), "limits.fields", "nothing is not a number"},
        Wrong{top("? \"bad\\nkey\"\n: 1"), "bad?key", "is not a known key"},
        Wrong{service("shield: {enable: true}"), "services[0].shield.enable", "'enabled'"},
        Wrong{service("shield: {enabled: yes}"), "services[0].shield.enabled",
              "'yes' is not true or false"},
        Wrong{service("shield: {enabled: true, enabled: true}"), "services[0].shield.enabled",
              "given twice"}));

INSTANTIATE_TEST_SUITE_P(
    Proxy, Mistaken,
    testing::Values(
        Wrong{top("listen: []"), "listen", "is empty"},
        Wrong{top("listen: '0.0.0.0:80'"), "listen", "is not a list of address:port"},
        Wrong{top("listen: [8080]"), "listen[0]", "'8080' is not address:port"},
        Wrong{top("listen: ['1.1.1.1:80', '1.1.1.1:80']"), "listen[1]", "listen[0]"},
        Wrong{top("listen: ['0.0.0.0:80', '1.1.1.1:80']"), "listen[1]", "same connections"},
        Wrong{top("workers: 1025"), "workers", "'1025' is out of range; allowed: 0 to 1024"},
        Wrong{top("workers: 1.5"), "workers", "is not a number"},
        Wrong{listener(""), "listen[0].address", "is missing"},
        Wrong{top("listen: ['1.1.1.1:80', {address: '1.1.1.1:80'}]"), "listen[1]", "listen[0]"},
        Wrong{listener("address: '1:1'"), "listen[0].address", "is not address:port"},
        Wrong{listener(at + "port: 1"), "listen[0].port", "not a known key; allowed: address, tls"},
        Wrong{listener(at + "tls: {}"), "listen[0].tls.certificates", "is missing"},
        Wrong{listener(at + "tls: {certificates: []}"), "listen[0].tls.certificates", "is empty"},
        Wrong{listener(at + "tls: {certificates: [{key: k}]}"),
              "listen[0].tls.certificates[0].certificate", "is missing"},
        Wrong{listener(at + "tls: {certificates: [{certificate: '', key: k}]}"),
              "listen[0].tls.certificates[0].certificate", "is not a file"},
        Wrong{secured("client_certificates: required"), "listen[0].tls.client_ca", "is missing"},
        Wrong{secured("client_ca: ca.pem"), "listen[0].tls.client_ca", "has no effect"},
        Wrong{secured("client_certificates: on"), "listen[0].tls.client_certificates",
              "allowed: off, optional, required"},
        Wrong{secured("minimum: 1.1"), "listen[0].tls.minimum", "allowed: 1.2, 1.3"},
        Wrong{secured("minimum: 1.3, ciphers: x"), "listen[0].tls.ciphers", "has no effect"},
        Wrong{listener(at + "proxy_protocol: {}"), "listen[0].proxy_protocol.from", "is missing"},
        Wrong{listener(at + "proxy_protocol: {from: []}"), "listen[0].proxy_protocol.from",
              "is empty"},
        Wrong{listener(at + "proxy_protocol: {from: [here]}"), "listen[0].proxy_protocol.from[0]",
              "is not an address block"},
        Wrong{listener(at + "redirect_to_https: {port: 0}"), "listen[0].redirect_to_https.port",
              "1 to 65535"},
        Wrong{secured("", ", redirect_to_https: {}"), "listen[0].redirect_to_https",
              "one of the two"},
        Wrong{top("admin: {listen: '0.0.0.0:9901'}"), "admin.listen", "admin.token_file"},
        Wrong{top("admin: {listen: '[::]:9901'}"), "admin.listen", "loopback"},
        Wrong{top("admin: {listen: '127.0.0.1:8080'}"), "admin.listen", "listen[0]"},
        Wrong{top("admin: {listen: 9901}"), "admin.listen", "is not address:port"},
        Wrong{top("admin: {token_file: \"a\\0b\"}"), "admin.token_file", "'a?b' is not a file"},
        Wrong{top("log: {level: loud}"), "log.level", "allowed: debug, info, warn, error"},
        Wrong{top("log: {access_sample: 0.5}"), "log.access_sample", "'0.5' is not a share"},
        Wrong{top("log: {queue: 0}"), "log.queue", "allowed: 64 to"},
        Wrong{top("state: {history: 1001}"), "state.history", "allowed: 0 to 1000"},
        Wrong{top("state: {history: some}"), "state.history", "is not a number"},
        Wrong{top("limits: {head_bytes: 1023}"), "limits.head_bytes", "allowed: 1KiB to 1MiB"},
        Wrong{top("limits: {head_bytes: 8kb}"), "limits.head_bytes", "'8kb' is not a size"},
        Wrong{top("limits: {fields: 1001}"), "limits.fields", "out of range"},
        Wrong{top("limits: {head_bytes: 4KiB}"), "limits.target_bytes", "above limits.head_bytes"},
        Wrong{top("limits: {connections: 4294967297}"), "limits.connections", "out of range"},
        Wrong{top("timeouts: {head: 10}"), "timeouts.head", "'10' is not a duration"},
        Wrong{top("timeouts: {head: 10ms}"), "timeouts.head",
              "allowed: 100ms to 5m, in ms, s, m, h"},
        Wrong{top("timeouts: {keep_alive: 0}"), "timeouts.keep_alive", "out of range"},
        Wrong{top("timeouts: {response: -1s}"), "timeouts.response", "is not a duration"},
        Wrong{top("forwarded: {trusted: [10.0.0.0/33]}"), "forwarded.trusted[0]",
              "is not an address block"},
        Wrong{top("forwarded: {client_from_right: 0}"), "forwarded.client_from_right", "1 to 16"},
        Wrong{top("health: {listen: 8081}"), "health.listen", "is not address:port"},
        Wrong{top("health: {listen: '127.0.0.1:8080'}"), "health.listen", "listen[0]"},
        Wrong{top("health: {listen: '127.0.0.1:9901'}"), "health.listen", "admin.listen"},
        Wrong{top("take_over: {timeout: 1ms}"), "take_over.timeout", "allowed: 100ms to 10m"},
        Wrong{top("drain: {accept: 11m}"), "drain.accept", "allowed: 0s to 10m"}));

INSTANTIATE_TEST_SUITE_P(
    Service, Mistaken,
    testing::Values(
        Wrong{"services: [{" + pools + "}]", "services[0].name",
              "is missing; allowed: [a-z0-9-]{1,63}"},
        Wrong{"services: [{name: A, " + pools + "}]", "services[0].name",
              "'A' is not a service name"},
        Wrong{"services: [{name: a}]", "services[0].pools", "is missing"},
        Wrong{second("name: shop, path_prefix: /b, " + pools), "services[1].name",
              "also the name of services[0]"},
        Wrong{second("name: b, " + pools), "services[1].path_prefix",
              "already goes to services[0]"},
        Wrong{service("hosts: [a.b, 'a:80']"), "services[0].hosts[1]", "'a:80' is not a host"},
        Wrong{service("hosts: [a.b, A.b]"), "services[0].hosts[1]", "listed twice"},
        Wrong{service("path_prefix: /a/"), "services[0].path_prefix", "without a slash at the end"},
        Wrong{service("key: {cookie: a, header: b}"), "services[0].key.header", "second source"},
        Wrong{service("key: {header: ''}"), "services[0].key.header", "is not a field name"},
        Wrong{service("key: {cookie: 'a b'}"), "services[0].key.cookie", "is not a cookie name"},
        Wrong{service("key: {none: false}"), "services[0].key.none", "allowed: true"},
        Wrong{service("key: {client_address: true, issue: true}"), "services[0].key.issue",
              "without a cookie"},
        Wrong{service("key: none"), "services[0].key", "'none' is not a section"},
        Wrong{service("key: {header: a, secret_file: s}"), "services[0].key.secret_file",
              "without a cookie"},
        Wrong{service("key: {client_address: true, same_site: lax}"), "services[0].key.same_site",
              "without a cookie"},
        Wrong{service("key: {issue: false, secret_file: s}"), "services[0].key.secret_file",
              "allowed: with issue: true"},
        Wrong{service("key: {issue: false, secure: always}"), "services[0].key.secure",
              "allowed: with issue: true"},
        Wrong{service("key: {secure: yes}"), "services[0].key.secure", "auto, always, never"},
        Wrong{service("key: {same_site: no}"), "services[0].key.same_site", "lax, strict, none"},
        Wrong{service("key: {same_site: none}"), "services[0].key.same_site",
              "with secure: always"},
        Wrong{service("key: {same_site: none, secure: never}"), "services[0].key.same_site",
              "with secure: always"},
        Wrong{service("key: {cookie: __Host-weir}"), "services[0].key.cookie",
              "is a name for secure cookies; allowed: with secure: always"},
        Wrong{service("key: {cookie: __secure-weir, secure: never}"), "services[0].key.cookie",
              "with secure: always"},
        Wrong{service("key: {previous_secret_file: s}"), "services[0].key.previous_secret_file",
              "allowed: beside secret_file"},
        Wrong{service("key: {secret_file: s, previous_secret_file: s}"),
              "services[0].key.previous_secret_file", "is secret_file itself"},
        Wrong{signed_beside("hosts: [a.b], key: {secret_file: one}",
                            "hosts: ['*.b'], key: {secret_file: two}"),
              "services[1].key.secret_file",
              "signs the cookie 'weir_key' otherwise than services[0].key"},
        Wrong{signed_beside("path_prefix: /a, key: {secret_file: one}",
                            "hosts: [c.d], key: {secret_file: two}"),
              "services[1].key.secret_file", "allowed: one file, or two cookies"},
        Wrong{service("salt: \"\\x07\""), "services[0].salt", "'?' is not a text"},
        Wrong{service("preview: {trusted_only: true}"), "services[0].preview.trusted_only",
              "no effect"},
        Wrong{service("preview: {header: 'a:'}"), "services[0].preview.header", "'a:'"},
        Wrong{service("shield: {enabled: false, on_500: true}"), "services[0].shield.on_500",
              "no effect"},
        Wrong{service("retry_budget: {share: 120%}"), "services[0].retry_budget.share",
              "is not a share"},
        Wrong{service("mirror: 10%"), "services[0].mirror", "'10%' is not a section"},
        Wrong{service("mirror: {share: 10}"), "services[0].mirror.share", "'10' is not a share"},
        Wrong{service("mirror: {share: 101%}"), "services[0].mirror.share", "is not a share"},
        Wrong{service("mirror: {share: 1%, max_in_flight: 0}"), "services[0].mirror.max_in_flight",
              "1 to 1000"},
        Wrong{service("mirror: {share: 1%, timeout: 61s}"), "services[0].mirror.timeout",
              "100ms to 1m"},
        Wrong{service("mirror: {share: 1%, max_answer: 2GiB}"), "services[0].mirror.max_answer",
              "0 to 1GiB"},
        Wrong{service("mirror: {timeout: 1s}"), "services[0].mirror.timeout",
              "has no effect; allowed: with a share"},
        Wrong{service("mirror: {share: 1%, rate: 1}"), "services[0].mirror.rate",
              "is not a known key"},
        Wrong{service("stable: red"), "services[0].stable", "allowed: blue, green"}));

INSTANTIATE_TEST_SUITE_P(
    Pool, Mistaken,
    testing::Values(
        Wrong{endpoints("[]"), "services[0].pools.blue.endpoints", "at least one"},
        Wrong{endpoints("['a:1', foo]"), "services[0].pools.blue.endpoints[1]",
              "'foo' is not host:port; allowed: "},
        Wrong{endpoints("['a:1', 'A:1']"), "services[0].pools.blue.endpoints[1]", "already"},
        Wrong{endpoints("['a:0']"), "services[0].pools.blue.endpoints[0]", "'a:0'"},
        Wrong{"services: [{name: a, pools: {blue: {}, green: {endpoints: ['b:1']}}}]",
              "services[0].pools.blue.endpoints", "is missing"},
        Wrong{"services: [{name: a, pools: {blue: {endpoints: ['b:1']}}}]",
              "services[0].pools.green", "is missing"},
        Wrong{"services: [{name: a, pools: {blue: {endpoints: ['b:1']}, gren: {}}}]",
              "services[0].pools.gren", "did you mean 'green'?"},
        Wrong{blue("tls: {certificate: a.crt}"), "services[0].pools.blue.tls.certificate",
              "stands alone"},
        Wrong{blue("tls: {key: a.key}"), "services[0].pools.blue.tls.key", "stands alone"},
        Wrong{blue("tls: {verify: false, ca_file: a}"), "services[0].pools.blue.tls.ca_file",
              "has no effect"},
        Wrong{blue("tls: {server_name: 'a b'}"), "services[0].pools.blue.tls.server_name",
              "is not a host"},
        Wrong{blue("check: {kind: ping}"), "services[0].pools.blue.check.kind", "none, tcp, http"},
        Wrong{blue("check: {path: up}"), "services[0].pools.blue.check.path", "is not a path"},
        Wrong{blue("check: {host: 'a b'}"), "services[0].pools.blue.check.host", "is not a host"},
        Wrong{blue("check: {expect_status: 100}"), "services[0].pools.blue.check.expect_status",
              "200 to 599"},
        Wrong{blue("check: {timeout: 3s}"), "services[0].pools.blue.check.timeout",
              "above the interval"},
        Wrong{blue("check: {interval: 500ms}"), "services[0].pools.blue.check.interval",
              "above the interval"},
        Wrong{blue("check: {rise: 0}"), "services[0].pools.blue.check.rise", "1 to 100"},
        Wrong{blue("ejection: {longest: 5s}"), "services[0].pools.blue.ejection.longest",
              "below the base"},
        Wrong{blue("idle: 1h"), "services[0].pools.blue.idle", "100ms to 10m"},
        Wrong{blue("panic_below: half"), "services[0].pools.blue.panic_below", "is not a share"}));

INSTANTIATE_TEST_SUITE_P(
    Rollout, Mistaken,
    testing::Values(
        Wrong{steps(""), "services[0].rollout.steps", "at least one"},
        Wrong{steps("{}"), "services[0].rollout.steps[0].weight", "is missing"},
        Wrong{steps("5%"), "services[0].rollout.steps[0]", "'5%' is not a section"},
        Wrong{steps("{weight: 0%}"), "services[0].rollout.steps[0].weight", "0.01% to 100%"},
        Wrong{steps("{weight: 101%}"), "services[0].rollout.steps[0].weight", "is not a share"},
        Wrong{steps("{weight: 25}"), "services[0].rollout.steps[0].weight", "'25' is not a share"},
        Wrong{steps("{weight: 5%}, {weight: 5%}"), "services[0].rollout.steps[1].weight",
              "'5%' does not rise"},
        Wrong{steps("{weight: 5%}, {weight: 9%}, {weight: 2%}"),
              "services[0].rollout.steps[2].weight", "above the step before it, 9%"},
        Wrong{steps("{weight: 5%, hold: 169h}"), "services[0].rollout.steps[0].hold", "0s to 168h"},
        Wrong{steps("{weight: 5%, manual_gate: on}"), "services[0].rollout.steps[0].manual_gate",
              "'on' is not true or false"},
        Wrong{rollout("driver_timeout: 500ms"), "services[0].rollout.driver_timeout",
              "0s or 1s to 24h"},
        Wrong{guards("errors: no"), "services[0].rollout.guards.errors", "is not a section or off"},
        Wrong{guards("errors: {action: page}"), "services[0].rollout.guards.errors.action",
              "rollback, hold, warn"},
        Wrong{guards("errors: {tolerance: 0.5}"), "services[0].rollout.guards.errors.tolerance",
              "1 to 100"},
        Wrong{guards("errors: {floor: 100%}"), "services[0].rollout.guards.errors.floor",
              "0% to 99%"},
        Wrong{guards("errors: {slower_than: 1s}"), "services[0].rollout.guards.errors.slower_than",
              "is not a known key"},
        Wrong{guards("errors: {alpha: 50%}"), "services[0].rollout.guards.errors.alpha",
              "out of range; allowed: 0.01% to 49.99%"},
        Wrong{guards("errors: {alpha: 0%}"), "services[0].rollout.guards.errors.alpha",
              "out of range"},
        Wrong{guards("errors: {failures_in_a_row: 1}"),
              "services[0].rollout.guards.errors.failures_in_a_row", "0 or 2 to 1000"},
        Wrong{guards("errors: {floor: 3%, acceptable: 2%}"),
              "services[0].rollout.guards.errors.acceptable", "from the floor, 3%"},
        Wrong{guards("errors: {min_requests: 50}"),
              "services[0].rollout.guards.errors.min_requests",
              "a fixed threshold with one is guards.error_threshold"},
        Wrong{guards("latency: {min_requests: 50}"),
              "services[0].rollout.guards.latency.min_requests",
              "a fixed threshold with one is guards.latency_threshold"},
        Wrong{guards("outage: {min_requests: 0}"), "services[0].rollout.guards.outage.min_requests",
              "out of range"},
        Wrong{guards("outage: {action: ignore}"), "services[0].rollout.guards.outage.action",
              "allowed: rollback, hold, warn"},
        Wrong{guards("latency_threshold: {min_requests: 0}"),
              "services[0].rollout.guards.latency_threshold.min_requests", "out of range"},
        Wrong{guards("latency: {slower_than: 1s}, latency_threshold: {slower_than: 2s}"),
              "services[0].rollout.guards.latency_threshold.slower_than",
              "is not what latency says; allowed: 1000ms"},
        Wrong{guards("latency: {slower_than: fast}"),
              "services[0].rollout.guards.latency.slower_than", "allowed: auto or 1ms to 1h"},
        Wrong{guards("latency: {slower_than: auto}, latency_threshold: {slower_than: 1s}"),
              "services[0].rollout.guards.latency_threshold.slower_than",
              "is not what latency says; allowed: auto"},
        Wrong{rollout("max_wait: 500ms"), "services[0].rollout.max_wait", "out of range"},
        Wrong{guards("latency: {slower_than: 25s}"),
              "services[0].rollout.guards.latency.slower_than", "below timeouts.response, 25000ms"},
        Wrong{guards("health: {min_healthy: 0%}"), "services[0].rollout.guards.health.min_healthy",
              "1% to 100%"},
        Wrong{guards("error: off"), "services[0].rollout.guards.error", "did you mean 'errors'?"}));

std::string ramp(const std::string& text) { return rollout("ramp: {" + text + "}"); }
std::string freeze(const std::string& text) {
  return rollout("freeze: [{name: w}, {name: w, " + text + "}]");
}

INSTANTIATE_TEST_SUITE_P(
    Ramp, Mistaken,
    testing::Values(
        Wrong{rollout("steps: [{weight: 5%}], ramp: {from: 1%, by: 1%}"),
              "services[0].rollout.ramp", "stands beside 'steps'"},
        Wrong{ramp("from: 1%, by: 1%, factor: 2"), "services[0].rollout.ramp.factor",
              "stands beside 'by'"},
        Wrong{ramp("from: 1%"), "services[0].rollout.ramp.by", "one of by, factor"},
        Wrong{ramp("factor: 2"), "services[0].rollout.ramp.from", "is missing"},
        Wrong{ramp("from: 10%, to: 5%, by: 1%"), "services[0].rollout.ramp.to",
              "lets the weight fall"},
        Wrong{ramp("from: 10%, by: 0%"), "services[0].rollout.ramp.by", "1% to 100%"},
        Wrong{ramp("from: 10%, factor: 1"), "services[0].rollout.ramp.factor", "1.1 to 100"},
        Wrong{ramp("from: 10%, times: 2"), "services[0].rollout.ramp.times", "is not a known key"},
        Wrong{rollout("hold_back: 11%"), "services[0].rollout.hold_back", "0% to 10%"},
        Wrong{rollout("hold_back: 1%, steps: [{weight: 99%}]"), "services[0].rollout.hold_back",
              "no effect; allowed: with a last step of 100%"},
        Wrong{rollout("hold_back: 1%, steps: [{weight: 99%}, {weight: 100%}]"),
              "services[0].rollout.hold_back",
              "no more than the one before it, 99%; allowed: below 1%"},
        Wrong{rollout("ramp: linear"), "services[0].rollout.ramp", "is not a section"},
        Wrong{rollout("auto_promote: yes"), "services[0].rollout.auto_promote",
              "is not true or false"},
        Wrong{rollout("bake: 500ms"), "services[0].rollout.bake", "0s or 1s to 168h"},
        Wrong{blue("capacity: 1000001"), "services[0].pools.blue.capacity", "0 to 1000000"}));

INSTANTIATE_TEST_SUITE_P(
    Freeze, Mistaken,
    testing::Values(
        Wrong{freeze("zone: Europe/Berln"), "services[0].rollout.freeze[1].zone",
              "'Europe/Berln' is not a time zone; allowed: a name of the IANA database"},
        Wrong{freeze("zone: localtime"), "services[0].rollout.freeze[1].zone", "time zone"},
        Wrong{freeze("days: [mon, monday]"), "services[0].rollout.freeze[1].days[1]",
              "'monday' is not a weekday; allowed: mon, tue"},
        Wrong{freeze("days: [mon, tue, mon]"), "services[0].rollout.freeze[1].days[2]",
              "listed twice"},
        Wrong{freeze("days: []"), "services[0].rollout.freeze[1].days", "is empty"},
        Wrong{freeze("from: 8:00"), "services[0].rollout.freeze[1].from",
              "'8:00' is not a time of day"},
        Wrong{freeze("from: 24:00"), "services[0].rollout.freeze[1].from", "below 24:00"},
        Wrong{freeze("to: 24:01"), "services[0].rollout.freeze[1].to", "00:00 to 24:00"},
        Wrong{freeze("to: 12:60"), "services[0].rollout.freeze[1].to", "not a time of day"},
        Wrong{freeze("from: 08:00, to: 08:00"), "services[0].rollout.freeze[1].to",
              "any other time"},
        Wrong{freeze("first_day: 2026-02-29"), "services[0].rollout.freeze[1].first_day",
              "'2026-02-29' is not a date"},
        Wrong{freeze("last_day: 24.12.2026"), "services[0].rollout.freeze[1].last_day",
              "is not a date"},
        Wrong{freeze("first_day: 2026-12-24, last_day: 2026-12-23"),
              "services[0].rollout.freeze[1].last_day", "is before first_day"},
        Wrong{freeze("first_day: 2026-11-27, last_day: 2026-11-28, days: [mon]"),
              "services[0].rollout.freeze[1].days", "from first_day to last_day"},
        Wrong{rollout("freeze: [{zone: UTC}]"), "services[0].rollout.freeze[0].name", "is missing"},
        Wrong{rollout("freeze: [{name: ''}]"), "services[0].rollout.freeze[0].name",
              "is not a text"},
        Wrong{rollout("freeze: weekend"), "services[0].rollout.freeze", "is not a list"}));

INSTANTIATE_TEST_SUITE_P(
    Hooks, Mistaken,
    testing::Values(
        Wrong{hook("url: 'https://qa'", "retries: 1"), "services[0].rollout.hooks[0].deadline",
              "is missing; allowed: 100ms to 10m"},
        Wrong{hook("url: 'https://qa'", "deadline: 0s"), "services[0].rollout.hooks[0].deadline",
              "100ms to 10m"},
        Wrong{hook("retries: 1"), "services[0].rollout.hooks[0].url", "is missing"},
        Wrong{hook("url: 'ftp://qa'"), "services[0].rollout.hooks[0].url",
              "what stands here is not a URL"},
        Wrong{hook("url: 'https://qa', retries: 11"), "services[0].rollout.hooks[0].retries",
              "0 to 10"},
        Wrong{hook("url: 'https://qa', on_failure: warn"),
              "services[0].rollout.hooks[0].on_failure", "hold, rollback"},
        Wrong{hook("url: 'http://qa', ca_file: ca.pem"), "services[0].rollout.hooks[0].ca_file",
              "only with an https URL"},
        Wrong{rollout("hooks: [{name: qa, at: sometimes, url: 'https://qa', deadline: 5s}]"),
              "services[0].rollout.hooks[0].at", "before_start, before_step"},
        Wrong{rollout("hooks: [{name: qa, at: after_rollback, url: 'https://qa', deadline: 5s, "
                      "on_failure: rollback}]"),
              "services[0].rollout.hooks[0].on_failure", "has no effect"},
        Wrong{rollout("hooks: [{name: q, at: before_start, url: 'https://q', deadline: 5s}, "
                      "{name: q, at: before_step, url: 'https://q', deadline: 5s}]"),
              "services[0].rollout.hooks[1].name", "'q' is taken"},
        Wrong{rollout("hooks: [{name: Q A, at: before_start, url: 'https://q', deadline: 5s}]"),
              "services[0].rollout.hooks[0].name", "is not a name"},
        Wrong{top("notifications: {queue: 0}"), "notifications.queue", "1 to 1000"},
        Wrong{webhook("format: xml, url: 'https://a'"), "notifications.webhooks[0].format",
              "json, slack"},
        Wrong{webhook("kinds: [rollback, explosion], url: 'https://a'"),
              "notifications.webhooks[0].kinds[1]", "'explosion' is not a kind"},
        Wrong{webhook("deadline: 2m, url: 'https://a'"), "notifications.webhooks[0].deadline",
              "100ms to 1m"},
        Wrong{webhook("give_up_after: 169h, url: 'https://a'"),
              "notifications.webhooks[0].give_up_after", "0s to 168h"},
        Wrong{webhook("ca_file: x, url: 'http://a'"), "notifications.webhooks[0].ca_file",
              "only with an https URL"},
        Wrong{webhook("secret: x, url: 'http://a'"), "notifications.webhooks[0].secret",
              "is not a known key"}));

TEST(Mistakes, NeverShowAUrlForItMayBeASecret) {
  const auto loaded = load(webhook("url: 'htps://hooks.example/T0/s3cr3t'"));
  ASSERT_EQ(loaded.mistakes.size(), 1U);
  EXPECT_EQ(format(loaded.mistakes.front()).find("s3cr3t"), std::string::npos);
}

TEST(Mistakes, AreAllReportedAtOnceInTheOrderOfTheText) {
  const auto loaded = load(R"(listen: [foo]
workres: 2
timeouts: {response: 2d}
services:
  - name: shop
    pools:
      blue: {endpoints: ["a:1"]}
      green: {endpoints: ["a:1", "b"]}
    rollout:
      steps: [{weight: 5%}, {weight: x}, {weight: 25%}]
      guards: {latency: {slower_than: 30s}}
)");
  const std::vector<std::pair<std::string, int>> expected{
      {"listen[0]", 1},
      {"workres", 2},
      {"timeouts.response", 3},
      {"services[0].pools.green.endpoints[1]", 8},
      {"services[0].rollout.steps[1].weight", 10}};
  std::vector<std::pair<std::string, int>> reported;
  for (const auto& mistake : loaded.mistakes) reported.emplace_back(mistake.path, mistake.line);
  EXPECT_EQ(reported, expected);
}

TEST(Mistakes, AreOneLineEach) {
  EXPECT_EQ(format({"services[0].name", "'A' is not a service name", 4}),
            "services[0].name: 'A' is not a service name (line 4)");
  EXPECT_EQ(format({"", "cannot be read: x", 0}), "configuration: cannot be read: x");
  EXPECT_EQ(in_quotes("a\nb"), "'a?b'");
  EXPECT_EQ(in_quotes(std::string(61, 'x')), "'" + std::string(60, 'x') + "…'");
  EXPECT_EQ(in_quotes(std::string(59, 'x') + "ä!"), "'" + std::string(59, 'x') + "…'");
}

TEST(Sound, ConfigurationsHaveNone) {
  for (const auto& yaml :
       {top("admin: {listen: '0.0.0.0:9901', token_file: tokens}"),
        listener(at + "redirect_to_https: {}"),
        listener(at + "proxy_protocol: {from: [10.0.0.0/8]}"),
        secured("client_certificates: optional, client_ca: ca.pem, minimum: '1.3'"),
        secured("client_certificates: off"),
        blue("tls: {}"),
        blue("tls: {certificate: a, key: b, verify: false, server_name: a.example}"),
        top("listen: ['1.1.1.1:0', '1.1.1.1:0']"),
        top("forwarded: {trusted: []}"),
        top("limits:"),
        top("listen: ['0.0.0.0:80', '[::]:80']"),
        second("name: b, path_prefix: /b, " + pools),
        second("name: b, hosts: [b.example], " + pools),
        guards("errors: off, latency: off, health: off"),
        service("key: {lifetime: 1h}"),
        service("key: {cookie: __Host-weir, secure: always, same_site: none}"),
        service("key: {cookie: x__Host-weir}"),
        service("key: {secret_file: new, previous_secret_file: old}"),
        signed_beside("hosts: [a.b], key: {secret_file: one}",
                      "hosts: ['*.a.b', c.b], key: {secret_file: two}"),
        signed_beside("key: {secret_file: one}", "path_prefix: /b, key: {secret_file: one}"),
        signed_beside("key: {secret_file: one}",
                      "path_prefix: /b, key: {cookie: other, secret_file: two}"),
        signed_beside("key: {secret_file: one}", "path_prefix: /b, key: {issue: false}"),
        guards("latency: {slower_than: auto}, latency_threshold: {slower_than: auto}"),
        rollout("hold_back: 1%, steps: [{weight: 98.99%}, {weight: 100%}]"),
        service("preview: {header: ''}"),
        blue("check: {timeout: 2s}"),
        steps("{weight: 1%}")}) {
    const auto loaded = load(yaml);
    EXPECT_TRUE(loaded.plan.has_value()) << yaml << format(loaded.mistakes.front());
  }
}

}  // namespace
}  // namespace weir::settings
