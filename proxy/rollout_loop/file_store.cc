#include "rollout_loop/file_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "rollout_loop/durable_file.h"

namespace weir::rollout_loop {
namespace {

bool same_file(int handle, const std::string& path) {
  struct stat open_one {
  }, named{};
  return ::fstat(handle, &open_one) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
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
  try {
    const auto text = read_whole(file_);
    if (!text) return {};
    auto kept = decode_states(*text);
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
  auto problem = replace_durably(file_, encode_states(states, notices));
  if (problem.empty()) held_ = states;
  return problem;
}

}  // namespace weir::rollout_loop
