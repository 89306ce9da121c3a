#include "settings/proxy_sections.h"

#include <algorithm>
#include <string>

#include "settings/hook_section.h"
#include "settings/listener_section.h"
#include "settings/text_rules.h"

namespace weir::settings {
namespace {

bool is_loopback(const IpAddress& address) {
  static const auto v4 = Cidr::parse("127.0.0.0/8"), v6 = Cidr::parse("::1");
  return v4->contains(address) || v6->contains(address);
}

bool is_any(const IpAddress& address) {
  return address == IpAddress::parse("0.0.0.0") || address == IpAddress::parse("::");
}

/// Both would take the same connections. Port 0 never clashes: each gets its own.
bool clash(const ListenAddress& a, const ListenAddress& b) {
  if (a.port != b.port || a.port == 0) return false;
  const bool same_family = a.address.is_v4() == b.address.is_v4();
  return a.address == b.address || (same_family && (is_any(a.address) || is_any(b.address)));
}

std::string taken_by(std::size_t index) {
  return "takes the same connections as listen[" + std::to_string(index) +
         "]; allowed: each address and port once";
}

/// The table's own text for a list, "[a, b]".
template <class T>
std::vector<T> default_list(std::string_view key, Parse<T> parse_item) {
  const auto list = parse(find_key(key)->default_text);
  std::vector<T> items;
  for (const auto& item : std::get<Value>(list).children) items.push_back(*parse_item(item.text));
  return items;
}

void refuse_clashes(const Section& root, const std::vector<ListenerPlan>& listen) {
  for (std::size_t i = 0; i < listen.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (clash(listen[i].at, listen[j].at)) {
        root.report_item("listen", i, taken_by(j));
        break;
      }
    }
  }
}

void read_listen(const Section& root, Plan& plan) {
  if (!root.has("listen")) {
    for (const auto& at : default_list("listen", &parse_listen_address)) {
      plan.listen.push_back({at, {}, {}, {}});
    }
    return;
  }
  bool sound = true;
  const auto count = root.count("listen");
  for (std::size_t i = 0; i < count; ++i) {
    auto& listener = plan.listen.emplace_back();
    sound &= root.is_mapping("listen", i)
                 ? read_listener(root.item("listen", i), listener)
                 : root.read_item_text("listen", i, listener.at, &parse_listen_address);
  }
  if (sound) refuse_clashes(root, plan.listen);
}

void read_admin_limits(const Section& section, AdminLimits& limits) {
  section.read_size("head_bytes", limits.head_bytes);
  section.read_size("body_bytes", limits.body_bytes);
  section.read("connections", limits.connections);
  section.read("event_streams", limits.event_streams);
  section.read("event_queue", limits.event_queue);
}

void read_admin(const Section& admin, Plan& plan) {
  read_admin_limits(admin.child("limits"), plan.admin.limits);
  plan.admin.listen = *parse_listen_address(find_key("admin.listen")->default_text);
  admin.read_text("token_file", plan.admin.token_file, &parse_file_name);
  admin.read_text("audit_file", plan.admin.audit_file, &parse_file_name);
  if (admin.has("listen") && !admin.read_text("listen", plan.admin.listen, &parse_listen_address)) {
    return;
  }
  if (!is_loopback(plan.admin.listen.address) && plan.admin.token_file.empty()) {
    admin.report("listen",
                 "is reachable from outside; allowed: a loopback address, or any with "
                 "admin.token_file");
  }
  for (std::size_t i = 0; i < plan.listen.size(); ++i) {
    if (clash(plan.admin.listen, plan.listen[i].at)) return admin.report("listen", taken_by(i));
  }
}

void read_health(const Section& health, Plan& plan) {
  if (!health.has("listen") || health.says("listen", "")) return;
  ListenAddress listen;
  if (!health.read_text("listen", listen, &parse_listen_address)) return;
  plan.health.listen = listen;
  if (clash(listen, plan.admin.listen)) {
    return health.report("listen", "is admin.listen; allowed: an address of its own");
  }
  for (std::size_t i = 0; i < plan.listen.size(); ++i) {
    if (clash(listen, plan.listen[i].at)) return health.report("listen", taken_by(i));
  }
}

void read_take_over(const Section& section, TakeOverPlan& take_over) {
  section.read_text("socket", take_over.socket, &parse_file_name);
  section.read("timeout", take_over.timeout);
}

void read_state(const Section& section, StatePlan& state) {
  section.read_text("file", state.file, &parse_file_name);
  section.read("history", state.history);
}

void read_log(const Section& log, LogPlan& plan) {
  std::size_t level = 0;
  if (log.read_choice_index("level", level)) {
    plan.level = choices_of(*find_key("log.level"))[level];
  }
  log.read("access_sample", plan.access_sample);
  log.read("queue", plan.queue);
  log.read("refusal_interval", plan.refusal_interval);
}

void read_limits(const Section& section, WireLimits& limits) {
  section.read_size("head_bytes", limits.head_bytes);
  section.read("fields", limits.fields);
  section.read_size("target_bytes", limits.target_bytes);
  section.read_size("chunk_line_bytes", limits.chunk_line_bytes);
  section.read_size("trailer_bytes", limits.trailer_bytes);
  section.read_size("proxy_header_bytes", limits.proxy_header_bytes);
  section.read_size("body_bytes", limits.body_bytes);
  section.read_size("upload_rate", limits.upload_rate);
  section.read("connections", limits.connections);
  section.read("connections_per_address", limits.connections_per_address);
  section.read("requests_per_pool", limits.requests_per_pool);
  section.read("queue_per_pool", limits.queue_per_pool);
  section.read("tunnels", limits.tunnels);
  section.read("interim_responses", limits.interim_responses);
  if (section.sound() && limits.target_bytes > limits.head_bytes) {
    section.report("target_bytes", "is above limits.head_bytes; allowed: at most that");
  }
}

void read_memory(const Section& limits, MemoryPlan& memory) {
  limits.read_size("memory", memory.most_bytes);
  limits.read("memory_high", memory.high);
  limits.read("memory_critical", memory.critical);
  if (limits.sound() && memory.high > memory.critical) {
    limits.report("memory_high", "is above limits.memory_critical; allowed: at most that");
  }
}

void read_timeouts(const Section& section, WireTimeouts& timeouts) {
  section.read("head", timeouts.head);
  section.read("body_stall", timeouts.body_stall);
  section.read("send_stall", timeouts.send_stall);
  section.read("rate_window", timeouts.rate_window);
  section.read("keep_alive", timeouts.keep_alive);
  section.read("response", timeouts.response);
  section.read("per_try", timeouts.per_try);
  section.read("queue", timeouts.queue);
  section.read("connect", timeouts.connect);
  section.read("tunnel_idle", timeouts.tunnel_idle);
  section.read("handshake", timeouts.handshake);
  section.read("tls_session", timeouts.tls_session);
}

void read_forwarded(const Section& section, ForwardedPlan& forwarded) {
  if (!section.has("trusted")) {
    forwarded.trusted = default_list("forwarded.trusted", &parse_block);
  }
  section.read_list("trusted", forwarded.trusted, &parse_block);
  section.read("client_from_right", forwarded.client_from_right);
}

void read_drain(const Section& section, DrainPlan& drain) {
  section.read("accept", drain.accept);
  section.read("idle", drain.idle);
  section.read("deadline", drain.deadline);
}

}  // namespace

void read_proxy(const Section& root, Plan& plan) {
  read_listen(root, plan);
  root.read("workers", plan.workers);
  read_admin(root.child("admin"), plan);
  read_health(root.child("health"), plan);
  read_take_over(root.child("take_over"), plan.take_over);
  read_state(root.child("state"), plan.state);
  read_log(root.child("log"), plan.log);
  const auto limits = root.child("limits");
  read_limits(limits, plan.limits);
  read_memory(limits, plan.memory);
  limits.read("checks_per_second", plan.checks_per_second);
  read_timeouts(root.child("timeouts"), plan.timeouts);
  read_forwarded(root.child("forwarded"), plan.forwarded);
  read_drain(root.child("drain"), plan.drain);
  plan.notifications = read_notifications(root.child("notifications"));
}

}  // namespace weir::settings
