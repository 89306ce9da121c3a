#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace weir::rollout_loop {

/// "open: No such file or directory", of the call that just failed.
std::string system_text(const char* what);

/// All of it; nothing where there is no such file. Throws `StateError` where it cannot be read.
std::optional<std::string> read_whole(const std::filesystem::path& file);

/// Replaces the file whole: written beside it, flushed, renamed, and the folder flushed. After
/// that no crash takes it back; before, none leaves half of it. Empty: done; otherwise why not.
std::string replace_durably(const std::filesystem::path& file, std::string_view text);

}  // namespace weir::rollout_loop
