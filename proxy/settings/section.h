#pragma once
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "settings/amounts.h"
#include "settings/document.h"
#include "settings/keys.h"
#include "settings/mistake.h"

namespace weir::settings {

/// Where a value stands: for people, and in the table of keys.
struct Place {
  std::string path;     ///< services[0].pools.blue
  std::string pattern;  ///< services[].pools.*

  Place key(std::string_view name) const;
  Place item(std::size_t index) const;
};

/// A mapping of the document, read key by key against the table of keys. Making one reports
/// its unknown, repeated and missing keys. Every read reports what it finds wrong, leaves
/// its target alone where the key is absent or wrong, and says whether it was set.
/// Lives no longer than the document and the mistakes it was made with.
class Section {
 public:
  /// `value`: null or `nothing` is an empty section.
  Section(const Value* value, Place place, int line, Mistakes& mistakes);

  bool has(std::string_view key) const noexcept;
  /// The key is there with exactly this text.
  bool says(std::string_view key, std::string_view text) const noexcept;
  /// Nothing in this section was reported so far: comparing its values makes sense.
  bool sound() const noexcept { return mistakes_->size() == mistakes_before_; }

  Section child(std::string_view key) const;
  /// The mappings of a list.
  std::vector<Section> children(std::string_view key) const;
  /// The items of a list that may be texts or mappings; none where it is no list.
  std::size_t count(std::string_view key) const;
  bool is_mapping(std::string_view key, std::size_t index) const;
  Section item(std::string_view key, std::size_t index) const;  ///< of the mapping there
  template <class T>
  bool read_item_text(std::string_view key, std::size_t index, T& into,
                      Parse<std::type_identity_t<T>> parse) const {
    return read_item(find(key)->children[index], place_.key(key).item(index), into, parse);
  }

  bool read(std::string_view key, Milliseconds& into) const;
  bool read(std::string_view key, Weight& into) const;
  bool read(std::string_view key, double& into) const;
  bool read(std::string_view key, bool& into) const;
  bool read(std::string_view key, std::uint16_t& into) const;
  bool read(std::string_view key, std::uint32_t& into) const;
  bool read(std::string_view key, std::uint64_t& into) const;
  bool read_size(std::string_view key, std::uint32_t& into) const;
  bool read_size(std::string_view key, std::uint64_t& into) const;

  /// By a rule of `text_rules.h`.
  template <class T>
  bool read_text(std::string_view key, T& into, Parse<std::type_identity_t<T>> parse) const {
    const auto* value = find(key);
    return value != nullptr && read_item(*value, place_.key(key), into, parse);
  }

  /// Each item by such a rule; an absent key leaves `into` alone.
  template <class T>
  bool read_list(std::string_view key, std::vector<T>& into,
                 Parse<std::type_identity_t<T>> parse) const;

  /// An enum whose values come in the order of the key's choices.
  template <class E>
  bool read_choice(std::string_view key, E& into) const {
    std::size_t index = 0;
    if (!read_choice_index(key, index)) return false;
    into = static_cast<E>(index);
    return true;
  }
  bool read_choice_index(std::string_view key, std::size_t& into) const;

  void report(std::string_view key, std::string message) const;
  /// About one item of the list `key`.
  void report_item(std::string_view key, std::size_t index, std::string message) const;
  const std::string& path() const noexcept { return place_.path; }

 private:
  const Value* find(std::string_view key) const noexcept;
  const std::vector<Value>* list(std::string_view key) const;
  template <class T, class Wide>
  bool read_amount(std::string_view key, T& into, Parse<Wide> parse) const;
  template <class T>
  bool read_item(const Value& value, const Place& place, T& into, Parse<T> parse) const;
  void report_wrong(const Value& value, const Place& place) const;
  /// Also returns the names that were probably meant.
  std::set<std::string_view> report_unknown() const;
  void report_missing(const std::set<std::string_view>& misspelt) const;
  void report_at(const Place& place, std::string message, int line) const;

  const Value* value_;
  Place place_;
  int line_;
  Mistakes* mistakes_;
  std::size_t mistakes_before_;
};

template <class T>
bool Section::read_item(const Value& value, const Place& place, T& into, Parse<T> parse) const {
  auto parsed = value.kind == Value::Kind::scalar ? parse(value.text) : std::nullopt;
  if (!parsed) {
    report_wrong(value, place);
    return false;
  }
  into = *std::move(parsed);
  return true;
}

template <class T>
bool Section::read_list(std::string_view key, std::vector<T>& into,
                        Parse<std::type_identity_t<T>> parse) const {
  const auto* items = list(key);
  if (items == nullptr) return false;
  into.clear();
  const Place place = place_.key(key);
  bool good = true;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto& item = (*items)[i];
    auto parsed = item.kind == Value::Kind::scalar ? parse(item.text) : std::nullopt;
    if (parsed) {
      into.push_back(*std::move(parsed));
    } else {
      report_wrong(item, place.item(i));
      good = false;
    }
  }
  return good;
}

}  // namespace weir::settings
