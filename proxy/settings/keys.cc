#include "settings/keys.h"

#include <algorithm>
#include <map>
#include <optional>

namespace weir::settings {
namespace {

std::map<std::string_view, const Key*> by_path() {
  std::map<std::string_view, const Key*> index;
  for (const auto& key : keys()) index.emplace(key.path, &key);
  return index;
}

/// The segment of `path` that follows the section; `nullopt` outside it.
std::optional<std::string_view> segment_after(std::string_view path, std::string_view section) {
  if (!section.empty()) {
    if (!path.starts_with(section)) return std::nullopt;
    path.remove_prefix(section.size());
    if (!path.starts_with('.')) return std::nullopt;
    path.remove_prefix(1);
  }
  return path.substr(0, path.find_first_of(".["));
}

std::string code(std::string_view text) {
  return text.empty() ? "" : '`' + std::string(text) + '`';
}

}  // namespace

const Key* find_key(std::string_view path) {
  static const auto index = by_path();
  const auto found = index.find(path);
  return found == index.end() ? nullptr : found->second;
}

std::vector<std::string_view> names_in(std::string_view path) {
  std::vector<std::string_view> names;
  for (const auto& key : keys()) {
    const auto name = segment_after(key.path, path);
    if (!name) continue;
    if (name == "*") return choices_of(key);
    if (std::find(names.begin(), names.end(), *name) == names.end()) names.push_back(*name);
  }
  return names;
}

std::string path_in(std::string_view path, std::string_view name) {
  std::string section(path);
  if (!section.empty()) section += '.';
  return find_key(section + "*") != nullptr ? section + "*" : section.append(name);
}

std::vector<std::string_view> choices_of(const Key& key) {
  std::vector<std::string_view> names;
  for (auto rest = key.range; !rest.empty();) {
    const auto end = std::min(rest.find(", "), rest.size());
    names.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return names;
}

std::string markdown_table() {
  std::string table =
      "| Key | Type | Unit | Default | Allowed | Meaning |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& key : keys()) {
    const auto shown = key.required() ? std::string(key.default_text) : code(key.default_text);
    table += "| " + code(key.path) + " | " + std::string(key.type) + " | " + std::string(key.unit) +
             " | " + shown + " | " + std::string(key.range) + " | " + std::string(key.meaning) +
             " |\n";
  }
  return table;
}

}  // namespace weir::settings
