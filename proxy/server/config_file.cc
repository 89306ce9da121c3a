#include "server/config_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace weir::server {

settings::Loaded load_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) {
    settings::Loaded unread;
    unread.mistakes.push_back({"", "cannot read " + path + ": " + std::strerror(errno), 0});
    return unread;
  }
  return settings::load(text.str());
}

}  // namespace weir::server
