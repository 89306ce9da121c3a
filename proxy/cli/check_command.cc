#include "cli/check_command.h"

#include <iostream>
#include <memory>

#include "cli/config_file.h"
#include "net/tls_material.h"

namespace weir::cli {

ExitCode check_config(const std::string& file) {
  const auto plan = read_config(file);
  if (!plan) return ExitCode::wrong_use;
  const auto tls = net::load_tls(*plan, std::make_shared<net::TicketKeys>());
  auto problems = tls.problems;
  for (auto& problem : net::unreadable_secrets(*plan)) problems.push_back(std::move(problem));
  for (const auto& [path, message] : problems) {
    std::cerr << file << ": " << path << ": " << message << '\n';
  }
  if (!problems.empty()) return ExitCode::wrong_use;
  const auto count = plan->services.size();
  std::cout << file << ": ok (" << count << (count == 1 ? " service)" : " services)") << '\n';
  return ExitCode::done;
}

}  // namespace weir::cli
