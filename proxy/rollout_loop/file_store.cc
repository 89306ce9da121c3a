#include "rollout_loop/file_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace weir::rollout_loop {
namespace {

std::string system_text(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

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

bool same_file(int handle, const std::string& path) {
  struct stat open_one {
  }, named{};
  return ::fstat(handle, &open_one) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

FileStore::FileStore(std::filesystem::path file, net::Descriptor lock) : file_(std::move(file)) {
  const auto lock_path = file_.string() + ".lock";
  if (lock && same_file(lock.get(), lock_path)) {
    lock_ = std::move(lock);
    return;
  }
  lock_.reset(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_) throw StateError("state.file: " + system_text(lock_path.c_str()));
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    throw StateError("state.file: " + file_.string() + " is in use by another process");
  }
}

Kept FileStore::load() {
  held_.clear();
  if (!std::filesystem::exists(file_)) return {};
  std::ifstream stream(file_, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw StateError("state.file: cannot read " + file_.string());
  try {
    auto kept = decode_states(text.str());
    held_ = kept.rollouts;
    return kept;
  } catch (const StateError& error) {
    throw StateError("state.file: " + file_.string() + " is " + error.what() +
                     "; it is left as it is: restore it, or move it away to start afresh");
  }
}

std::string FileStore::save(const States& states, const Notices& notices) {
  for (const auto& [name, state] : states) {
    const auto held = held_.find(name);
    if (held != held_.end() && state.epoch < held->second.epoch) {
      return "epoch " + std::to_string(state.epoch) + " of " + name + " is older than " +
             std::to_string(held->second.epoch);
    }
  }
  auto problem = replace_file(encode_states(states, notices));
  if (problem.empty()) held_ = states;
  return problem;
}

std::string FileStore::replace_file(std::string_view text) const {
  const auto fresh = file_.string() + ".new";
  const int handle = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (handle < 0) return system_text(fresh.c_str());
  auto problem = write_durably(handle, text);
  ::close(handle);
  if (!problem.empty()) return problem;
  if (::rename(fresh.c_str(), file_.c_str()) != 0) return system_text("rename");
  return flush_folder(folder_of(file_));
}

}  // namespace weir::rollout_loop
