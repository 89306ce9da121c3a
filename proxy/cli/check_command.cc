#include "cli/check_command.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

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
  const auto count = loaded.plan->services.size();
  std::cout << file << ": ok (" << count << (count == 1 ? " service)" : " services)") << '\n';
  return ExitCode::done;
}

}  // namespace weir::cli
