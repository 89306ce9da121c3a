#include "rollout_loop/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "rollout_loop/sealed_text.h"

namespace weir::rollout_loop {
namespace {

/// Writes all of `text` and flushes it to the disk. Empty: done.
std::string write_durably(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_text("write");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0 ? std::string() : system_text("fsync");
}

std::string flush_folder(const std::filesystem::path& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return system_text("open folder");
  const bool flushed = ::fsync(handle) == 0;
  auto problem = flushed ? std::string() : system_text("fsync folder");
  ::close(handle);
  return problem;
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

std::string system_text(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

std::optional<std::string> read_whole(const std::filesystem::path& file) {
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown) && !unknown) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw StateError("unreadable");
  return std::move(text).str();
}

std::string replace_durably(const std::filesystem::path& file, std::string_view text) {
  const auto fresh = file.string() + ".new";
  const int handle = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (handle < 0) return system_text(fresh.c_str());
  auto problem = write_durably(handle, text);
  ::close(handle);
  if (!problem.empty()) return problem;
  if (::rename(fresh.c_str(), file.c_str()) != 0) return system_text("rename");
  return flush_folder(folder_of(file));
}

}  // namespace weir::rollout_loop
