#include "net/tls_material.h"

#include <sys/stat.h>

#include <utility>

#include "net/secret_file.h"

namespace weir::net {
namespace {

/// Every server that Weir calls by itself, each with its place in the configuration.
std::vector<std::pair<std::string, const HttpTarget*>> targets_of(const Plan& plan) {
  std::vector<std::pair<std::string, const HttpTarget*>> targets;
  const auto& webhooks = plan.notifications.webhooks;
  for (std::size_t i = 0; i < webhooks.size(); ++i) {
    targets.emplace_back("notifications.webhooks[" + std::to_string(i) + "]", &webhooks[i].target);
  }
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    const auto& hooks = plan.services[i].rollout.hooks;
    const auto path = "services[" + std::to_string(i) + "].rollout.hooks[";
    for (std::size_t j = 0; j < hooks.size(); ++j) {
      targets.emplace_back(path + std::to_string(j) + "]", &hooks[j].target);
    }
  }
  return targets;
}

std::shared_ptr<const HookTls> load_hooks(const Plan& plan, TlsProblems& problems) {
  auto clients = std::make_shared<HookTls>();
  for (const auto& [path, target] : targets_of(plan)) {
    if (!target->secured || clients->contains(target->ca_file)) continue;
    PoolTls tls;
    tls.ca_file = target->ca_file;
    (*clients)[target->ca_file] = TlsClient::load(tls, path, problems);
  }
  return clients;
}

}  // namespace

TlsMaterial load_tls(const Plan& plan, const std::shared_ptr<TicketKeys>& keys) {
  TlsMaterial material;
  const TlsServer::Sessions sessions{keys, plan.timeouts.tls_session};
  for (std::size_t i = 0; i < plan.listen.size(); ++i) {
    const auto path = "listen[" + std::to_string(i) + "].tls";
    const auto& tls = plan.listen[i].tls;
    material.listeners.push_back(tls ? TlsServer::load(*tls, path, sessions, material.problems)
                                     : nullptr);
  }
  auto clients = std::make_shared<TlsClients>();
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    const auto& service = plan.services[i];
    auto& of_service = (*clients)[service.name];
    for (const auto version : both_versions) {
      const auto path =
          "services[" + std::to_string(i) + "].pools." + std::string(name_of(version)) + ".tls";
      const auto& tls = service.pools[version].tls;
      if (tls) of_service[version] = TlsClient::load(*tls, path, material.problems);
    }
  }
  material.clients = std::move(clients);
  material.hooks = load_hooks(plan, material.problems);
  material.sticky = load_sticky_secrets(plan, material.problems);
  return material;
}

TlsProblems unreadable_secrets(const Plan& plan) {
  TlsProblems problems;
  for (const auto& [path, target] : targets_of(plan)) {
    if (target->secret_file.empty()) continue;
    auto problem = read_secret(target->secret_file).problem;
    if (!problem.empty()) problems.push_back({path + ".secret_file", std::move(problem)});
  }
  return problems;
}

TlsFiles::TlsFiles(const Plan& plan) {
  for (const auto& listener : plan.listen) {
    if (!listener.tls) continue;
    watch(listener.tls->client_ca);
    for (const auto& [certificate, key] : listener.tls->certificates) {
      watch(certificate);
      watch(key);
    }
  }
  for (const auto& service : plan.services) {
    watch(service.key.secret_file);
    watch(service.key.previous_secret_file);
    for (const auto version : both_versions) {
      const auto& tls = service.pools[version].tls;
      if (!tls) continue;
      for (const auto* file : {&tls->ca_file, &tls->certificate, &tls->key}) watch(*file);
    }
  }
  for (const auto& [path, target] : targets_of(plan)) watch(target->ca_file);
}

void TlsFiles::watch(const std::string& file) {
  if (!file.empty()) seen_[file] = stamp_of(file);
}

TlsFiles::Stamp TlsFiles::stamp_of(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return {};
  constexpr std::int64_t ns_per_second = 1'000'000'000;
  return {found.st_mtim.tv_sec * ns_per_second + found.st_mtim.tv_nsec, found.st_size,
          found.st_ino};
}

bool TlsFiles::changed() {
  bool changed = false;
  for (auto& [file, seen] : seen_) {
    const auto now = stamp_of(file);
    changed |= now != seen;
    seen = now;
  }
  return changed;
}

}  // namespace weir::net
