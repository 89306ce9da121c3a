#include "cli/check_command.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <system_error>

#include "net/tls_material.h"
#include "settings/load.h"

namespace weir::cli {

ExitCode check_config(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) {
    std::cerr << "error: " << file << ": "
              << std::error_code(errno, std::generic_category()).message() << '\n';
    return ExitCode::wrong_use;
  }
  const auto loaded = settings::load(text);
  for (const auto& mistake : loaded.mistakes) {
    std::cerr << file << ": " << settings::format(mistake) << '\n';
  }
  if (!loaded.plan) return ExitCode::wrong_use;
  const auto tls = net::load_tls(*loaded.plan, std::make_shared<net::TicketKeys>());
  for (const auto& [path, message] : tls.problems) {
    std::cerr << file << ": " << path << ": " << message << '\n';
  }
  if (!tls.problems.empty()) return ExitCode::wrong_use;
  const auto count = loaded.plan->services.size();
  std::cout << file << ": ok (" << count << (count == 1 ? " service)" : " services)") << '\n';
  return ExitCode::done;
}

}  // namespace weir::cli
