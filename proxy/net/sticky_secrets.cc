#include "net/sticky_secrets.h"

#include <utility>

#include "net/secret_file.h"

namespace weir::net {
namespace {

std::string read(const std::string& file, const std::string& path, TlsProblems& problems) {
  if (file.empty()) return {};
  auto secret = read_secret(file);
  if (!secret.problem.empty()) problems.push_back({path, std::move(secret.problem)});
  return std::move(secret.value);
}

}  // namespace

std::shared_ptr<const StickySecrets> load_sticky_secrets(const Plan& plan, TlsProblems& problems) {
  auto secrets = std::make_shared<StickySecrets>();
  for (std::size_t i = 0; i < plan.services.size(); ++i) {
    const auto& key = plan.services[i].key;
    if (key.secret_file.empty()) continue;
    const auto path = "services[" + std::to_string(i) + "].key.";
    (*secrets)[plan.services[i].name] = {
        read(key.secret_file, path + "secret_file", problems),
        read(key.previous_secret_file, path + "previous_secret_file", problems)};
  }
  return secrets;
}

}  // namespace weir::net
