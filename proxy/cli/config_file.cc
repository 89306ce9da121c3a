#include "cli/config_file.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "settings/load.h"

namespace weir::cli {

std::optional<Plan> read_config(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) {
    std::cerr << "error: " << file << ": "
              << std::error_code(errno, std::generic_category()).message() << '\n';
    return std::nullopt;
  }
  auto loaded = settings::load(text);
  for (const auto& mistake : loaded.mistakes) {
    std::cerr << file << ": " << settings::format(mistake) << '\n';
  }
  return std::move(loaded.plan);
}

}  // namespace weir::cli
