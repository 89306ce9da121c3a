#include "rollout_loop/file_store.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;

constexpr std::string_view magic = "weir-state 1 sha256=";

std::string hex_sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (const unsigned byte : digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

json::array texts(const std::vector<std::string>& from) {
  json::array list;
  for (const auto& text : from) list.emplace_back(text);
  return list;
}

json::object encode(const rollout::RolloutState& state) {
  return {{"epoch", state.epoch},
          {"phase", rollout::name_of(state.phase)},
          {"pause_reason", rollout::name_of(state.pause_reason)},
          {"stable", name_of(state.stable)},
          {"weight_basis_points", state.weight.basis_points()},
          {"step", state.step},
          {"held_ms", state.held.count()},
          {"step_requests", state.step_requests},
          {"can_undo", state.can_undo},
          {"revision", state.revision},
          {"reason", state.reason},
          {"recent_keys", texts(state.recent_keys)}};
}

template <class T>
T known(std::optional<T> value, const char* member) {
  if (!value) throw std::invalid_argument(std::string("unknown value of ") + member);
  return *value;
}

std::string_view text_of(const json::object& object, const char* member) {
  const auto& text = object.at(member).as_string();
  return {text.data(), text.size()};
}

rollout::RolloutState decode(const json::object& object) {
  rollout::RolloutState state;
  state.epoch = object.at("epoch").to_number<std::uint64_t>();
  state.phase = known(rollout::phase_named(text_of(object, "phase")), "phase");
  state.pause_reason =
      known(rollout::pause_reason_named(text_of(object, "pause_reason")), "pause_reason");
  state.stable = known(version_named(text_of(object, "stable")), "stable");
  state.weight =
      known(Weight::from_basis_points(object.at("weight_basis_points").to_number<std::uint32_t>()),
            "weight_basis_points");
  state.step = object.at("step").to_number<std::uint32_t>();
  state.held = Milliseconds(object.at("held_ms").to_number<std::int64_t>());
  state.step_requests = object.at("step_requests").to_number<std::uint64_t>();
  state.can_undo = object.at("can_undo").as_bool();
  state.revision = text_of(object, "revision");
  state.reason = text_of(object, "reason");
  if (const auto* keys = object.if_contains("recent_keys")) {
    for (const auto& key : keys->as_array()) state.recent_keys.emplace_back(key.as_string());
  }
  return state;
}

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

std::string encode_states(const States& states) {
  json::object services;
  for (const auto& [name, state] : states) services[name] = encode(state);
  const auto body = json::serialize(json::object{{"services", std::move(services)}}) + "\n";
  return std::string(magic) + hex_sha256(body) + "\n" + body;
}

States decode_states(std::string_view text) {
  if (!text.starts_with("weir-state ")) throw StateError("not a state file of Weir");
  if (!text.starts_with(magic)) throw StateError("written by another version of Weir");
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) throw StateError("cut short");
  const auto body = text.substr(line_end + 1);
  if (text.substr(magic.size(), line_end - magic.size()) != hex_sha256(body)) {
    throw StateError("damaged: its checksum does not match");
  }
  try {
    States states;
    const auto document = json::parse({body.data(), body.size()});
    for (const auto& [name, value] : document.as_object().at("services").as_object()) {
      states[std::string(name)] = decode(value.as_object());
    }
    return states;
  } catch (const std::exception& error) {
    throw StateError(std::string("not understood: ") + error.what());
  }
}

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

States FileStore::load() {
  if (!std::filesystem::exists(file_)) return held_ = {};
  std::ifstream stream(file_, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw StateError("state.file: cannot read " + file_.string());
  try {
    return held_ = decode_states(text.str());
  } catch (const StateError& error) {
    throw StateError("state.file: " + file_.string() + " is " + error.what() +
                     "; it is left as it is: restore it, or move it away to start afresh");
  }
}

std::string FileStore::save(const States& states) {
  for (const auto& [name, state] : states) {
    const auto held = held_.find(name);
    if (held != held_.end() && state.epoch < held->second.epoch) {
      return "epoch " + std::to_string(state.epoch) + " of " + name + " is older than " +
             std::to_string(held->second.epoch);
    }
  }
  auto problem = replace_file(encode_states(states));
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
