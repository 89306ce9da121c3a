#include "settings/section.h"

#include <algorithm>
#include <optional>

#include "settings/spelling.h"

namespace weir::settings {
namespace {

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const auto name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

std::string shown(const Value& value) {
  switch (value.kind) {
    case Value::Kind::nothing:
      return "nothing";
    case Value::Kind::list:
      return "a list";
    case Value::Kind::map:
      return "a section";
    case Value::Kind::scalar:
      return in_quotes(value.text);
  }
  return {};
}

std::string with_article(std::string_view type) {
  const bool bare =
      type == "host:port" || type.starts_with("address:port") || type == "true or false";
  const bool vowel = std::string_view("aeiou").find(type.front()) != std::string_view::npos;
  return std::string(bare ? "" : vowel ? "an " : "a ").append(type);
}

/// What a place takes. An item of a list goes by the list's row, a plain section has none.
struct Expected {
  std::string type;
  std::string allowed;
};

Expected expected_at(std::string_view pattern) {
  constexpr std::string_view item = "[]", list_of = "list of ";
  const auto names = names_in(pattern);
  const bool is_item = pattern.ends_with(item);
  if (is_item) pattern.remove_suffix(item.size());
  const Key* key = find_key(pattern);
  const bool section_item = is_item && key != nullptr && key->type == "list of section";
  if (key == nullptr || section_item) return {"a section", joined(names)};
  const auto type = is_item ? key->type.substr(list_of.size()) : key->type;
  std::string allowed(key->range);
  if (type == "duration" || type == "share") allowed.append(", in ").append(key->unit);
  return {with_article(type), allowed};
}

std::string suggestion(std::optional<std::string_view> near,
                       const std::vector<std::string_view>& known) {
  return near ? "did you mean " + in_quotes(*near) + "?" : "allowed: " + joined(known);
}

}  // namespace

Place Place::key(std::string_view name) const {
  std::string longer = path;
  if (!longer.empty()) longer += '.';
  return {longer.append(name), path_in(pattern, name)};
}

Place Place::item(std::size_t index) const {
  return {path + '[' + std::to_string(index) + ']', pattern + "[]"};
}

Section::Section(const Value* value, Place place, int line, Mistakes& mistakes)
    : value_(value),
      place_(std::move(place)),
      line_(line),
      mistakes_(&mistakes),
      mistakes_before_(mistakes.size()) {
  if (value_ != nullptr && value_->kind == Value::Kind::nothing) value_ = nullptr;
  if (value_ != nullptr && value_->kind != Value::Kind::map) {
    report_wrong(*value_, place_);
    value_ = nullptr;
    return;
  }
  report_missing(report_unknown());
}

std::set<std::string_view> Section::report_unknown() const {
  std::set<std::string_view> meant, seen;
  if (value_ == nullptr) return meant;
  const auto known = names_in(place_.pattern);
  for (const auto& child : value_->children) {
    const Place place = place_.key(in_one_line(child.name));
    if (std::find(known.begin(), known.end(), child.name) == known.end()) {
      const auto near = nearest(child.name, known);
      if (near) meant.insert(*near);
      const auto now = where_now(place.pattern);
      const auto advice = now.empty() ? suggestion(near, known) : now;
      report_at(place, "is not a known key; " + advice, child.line);
    } else if (!seen.insert(child.name).second) {
      report_at(place, "is given twice; allowed: once", child.line);
    }
  }
  return meant;
}

void Section::report_missing(const std::set<std::string_view>& misspelt) const {
  for (const auto name : names_in(place_.pattern)) {
    const Key* key = find_key(path_in(place_.pattern, name));
    if (key == nullptr || !key->required() || has(name) || misspelt.contains(name)) continue;
    report(name, "is missing; allowed: " + expected_at(key->path).allowed);
  }
}

const Value* Section::find(std::string_view key) const noexcept {
  return value_ == nullptr ? nullptr : value_->find(key);
}

bool Section::has(std::string_view key) const noexcept { return find(key) != nullptr; }

bool Section::says(std::string_view key, std::string_view text) const noexcept {
  const auto* value = find(key);
  return value != nullptr && value->kind == Value::Kind::scalar && value->text == text;
}

Section Section::child(std::string_view key) const {
  const auto* value = find(key);
  return {value, place_.key(key), value != nullptr ? value->line : line_, *mistakes_};
}

const std::vector<Value>* Section::list(std::string_view key) const {
  const auto* value = find(key);
  if (value == nullptr) return nullptr;
  const Place place = place_.key(key);
  if (value->kind != Value::Kind::list) {
    report_wrong(*value, place);
    return nullptr;
  }
  const Key* row = find_key(place.pattern);
  if (value->children.empty() && row != nullptr && row->range.ends_with("at least one")) {
    report(key, "is empty; allowed: " + std::string(row->range));
    return nullptr;
  }
  return &value->children;
}

std::vector<Section> Section::children(std::string_view key) const {
  std::vector<Section> sections;
  const auto* items = list(key);
  if (items == nullptr) return sections;
  const Place place = place_.key(key);
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto& item = (*items)[i];
    sections.emplace_back(&item, place.item(i), item.line, *mistakes_);
  }
  return sections;
}

std::size_t Section::count(std::string_view key) const {
  const auto* items = list(key);
  return items == nullptr ? 0 : items->size();
}

bool Section::is_mapping(std::string_view key, std::size_t index) const {
  return find(key)->children[index].kind == Value::Kind::map;
}

Section Section::item(std::string_view key, std::size_t index) const {
  const auto& value = find(key)->children[index];
  return {&value, place_.key(key).item(index), value.line, *mistakes_};
}

/// `T` may be narrower than what is parsed; the key's range keeps it inside.
template <class T, class Wide>
bool Section::read_amount(std::string_view key, T& into, Parse<Wide> parse) const {
  Wide amount{};
  if (!read_text(key, amount, parse)) return false;
  const Place place = place_.key(key);
  const Key* row = find_key(place.pattern);
  if (row == nullptr || !within(row->range, parse, amount)) {
    report(key,
           shown(*find(key)) + " is out of range; allowed: " + expected_at(place.pattern).allowed);
    return false;
  }
  into = static_cast<T>(amount);
  return true;
}

bool Section::read(std::string_view key, Milliseconds& into) const {
  return read_amount(key, into, &parse_duration);
}

bool Section::read(std::string_view key, Weight& into) const {
  return read_amount(key, into, &parse_share);
}

bool Section::read(std::string_view key, double& into) const {
  return read_amount(key, into, &parse_decimal);
}

bool Section::read(std::string_view key, bool& into) const {
  return read_text(key, into, &parse_flag);
}

bool Section::read(std::string_view key, std::uint16_t& into) const {
  return read_amount(key, into, &parse_count);
}

bool Section::read(std::string_view key, std::uint32_t& into) const {
  return read_amount(key, into, &parse_count);
}

bool Section::read(std::string_view key, std::uint64_t& into) const {
  return read_amount(key, into, &parse_count);
}

bool Section::read_size(std::string_view key, std::uint32_t& into) const {
  return read_amount(key, into, &parse_size);
}

bool Section::read_size(std::string_view key, std::uint64_t& into) const {
  return read_amount(key, into, &parse_size);
}

bool Section::read_choice_index(std::string_view key, std::size_t& into) const {
  const auto* value = find(key);
  if (value == nullptr) return false;
  const Place place = place_.key(key);
  const Key* row = find_key(place.pattern);
  const auto names = row == nullptr ? std::vector<std::string_view>{} : choices_of(*row);
  const auto found = std::find(names.begin(), names.end(), value->text);
  if (value->kind != Value::Kind::scalar || found == names.end()) {
    report_wrong(*value, place);
    return false;
  }
  into = static_cast<std::size_t>(found - names.begin());
  return true;
}

void Section::report(std::string_view key, std::string message) const {
  const auto* value = find(key);
  report_at(place_.key(key), std::move(message), value != nullptr ? value->line : line_);
}

void Section::report_item(std::string_view key, std::size_t index, std::string message) const {
  const auto* value = find(key);
  const bool found = value != nullptr && index < value->children.size();
  report_at(place_.key(key).item(index), std::move(message),
            found ? value->children[index].line : line_);
}

void Section::report_wrong(const Value& value, const Place& place) const {
  const auto [type, allowed] = expected_at(place.pattern);
  const auto seen = type == "a URL" ? "what stands here" : shown(value);  // it may be a secret
  report_at(place, seen + " is not " + type + "; allowed: " + allowed, value.line);
}

void Section::report_at(const Place& place, std::string message, int line) const {
  mistakes_->push_back({place.path, std::move(message), line});
}

}  // namespace weir::settings
