#include "settings/hook_section.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "model/transition_kinds.h"
#include "settings/text_rules.h"

namespace weir::settings {
namespace {

void read_target(const Section& section, HttpTarget& target) {
  section.read_text("url", target, &parse_url);
  section.read_text("secret_file", target.secret_file, &parse_file_name);
  section.read_text("ca_file", target.ca_file, &parse_file_name);
  if (section.sound() && !target.secured && !target.ca_file.empty()) {
    section.report("ca_file", "has no effect; allowed: only with an https URL");
  }
}

void read_name(const Section& section, std::string& name, std::set<std::string>& taken) {
  if (!section.read_text("name", name, &parse_service_name)) return;
  if (taken.insert(name).second) return;
  section.report("name", in_quotes(name) + " is taken; allowed: each name once");
}

void read_decision(const Section& section, Hook& hook) {
  section.read_choice("on_failure", hook.on_failure);
  if (!section.sound() || hook.at != Hook::At::after_rollback) return;
  if (!section.has("on_failure")) return;
  section.report("on_failure", "has no effect; allowed: only before something");
}

Hook read_hook(const Section& section, std::set<std::string>& taken) {
  Hook hook;
  read_name(section, hook.name, taken);
  section.read_choice("at", hook.at);
  read_target(section, hook.target);
  section.read("deadline", hook.deadline);
  section.read("retries", hook.retries);
  read_decision(section, hook);
  return hook;
}

std::optional<std::string> parse_kind(std::string_view text) {
  const auto known = std::find(transition_kinds.begin(), transition_kinds.end(), text);
  return known == transition_kinds.end() ? std::nullopt : std::optional<std::string>(*known);
}

WebhookPlan read_webhook(const Section& section, std::set<std::string>& taken) {
  WebhookPlan webhook;
  read_name(section, webhook.name, taken);
  read_target(section, webhook.target);
  section.read_choice("format", webhook.format);
  section.read_list("kinds", webhook.kinds, &parse_kind);
  section.read("deadline", webhook.deadline);
  section.read("give_up_after", webhook.give_up_after);
  return webhook;
}

}  // namespace

std::vector<Hook> read_hooks(const Section& rollout) {
  std::vector<Hook> hooks;
  std::set<std::string> taken;
  for (const auto& section : rollout.children("hooks")) {
    hooks.push_back(read_hook(section, taken));
  }
  return hooks;
}

NotificationPlan read_notifications(const Section& section) {
  NotificationPlan plan;
  section.read("queue", plan.queue);
  std::set<std::string> taken;
  for (const auto& each : section.children("webhooks")) {
    plan.webhooks.push_back(read_webhook(each, taken));
  }
  return plan;
}

}  // namespace weir::settings
