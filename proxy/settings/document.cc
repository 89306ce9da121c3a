#include "settings/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "settings/characters.h"

namespace weir::settings {
namespace {

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& why) {
  throw YAML::ParserException(mark, why);
}

/// Builds the tree from the parser's events. Refusing inside an event bounds the parser's
/// recursion too, because it announces every list and map before it descends.
class TreeBuilder final : public YAML::EventHandler {
 public:
  Value take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) refuse(mark, "there is a second document; one is allowed");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    if (awaits_key()) refuse(mark, "a key is missing before ':'");
    add({.kind = Value::Kind::nothing, .line = mark.line + 1, .name = {}, .text = {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { check(mark, "", 1); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    check(mark, tag, anchor);
    if (awaits_key()) {
      if (text.empty()) refuse(mark, "a key is empty");
      open_.back().key = Key{text, mark.line + 1};
    } else {
      add({.kind = Value::Kind::scalar, .line = mark.line + 1, .name = {}, .text = text});
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Value::Kind::list);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Value::Kind::map);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Key {
    std::string name;
    int line;
  };
  struct Open {
    Value value;
    std::optional<Key> key{};
  };

  bool awaits_key() const {
    return !open_.empty() && open_.back().value.kind == Value::Kind::map && !open_.back().key;
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "anchors and aliases are not supported; write the value out");
    // "?" and "!" are what the parser calls a plain and a quoted scalar without a tag.
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tags are not supported");
    if (++values_ > most_values) {
      refuse(mark, "there are more than " + std::to_string(most_values) + " values");
    }
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Value::Kind kind) {
    check(mark, tag, anchor);
    if (awaits_key()) refuse(mark, "a list or mapping stands where a key must, or is not closed");
    if (open_.size() == deepest) {
      refuse(mark, "it is nested deeper than " + std::to_string(deepest) + " levels");
    }
    open_.push_back({{.kind = kind, .line = mark.line + 1, .name = {}, .text = {}}});
  }

  void close() {
    Value value = std::move(open_.back().value);
    open_.pop_back();
    add(std::move(value));
  }

  void add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& [parent, key] = open_.back();
    if (key) {
      value.name = std::move(key->name);
      value.line = key->line;
      key.reset();
    }
    parent.children.push_back(std::move(value));
  }

  Value root_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

/// `why` may quote the text, as the parser does with an escape it does not know.
Mistake unreadable(std::string why, int line) {
  std::replace_if(why.begin(), why.end(), is_control, '?');
  return {.path = {}, .message = "cannot be read: " + why, .line = line};
}

/// The parser takes some control characters for the end of the text.
bool is_refused(char c) { return is_control(c) && c != '\n' && c != '\r' && c != '\t'; }

std::optional<Mistake> refuse_bytes(std::string_view text) {
  if (text.size() > most_bytes) {
    return unreadable("it is longer than " + std::to_string(most_bytes) + " bytes", 0);
  }
  const auto found = std::find_if(text.begin(), text.end(), is_refused);
  if (found == text.end()) return std::nullopt;
  const auto line = 1 + std::count(text.begin(), found, '\n');
  return unreadable("it holds a control character", static_cast<int>(line));
}

/// The parser takes a quote that is never closed for whole where a line break ends the text.
std::string without_last_breaks(std::string_view text) {
  return std::string(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
}

}  // namespace

const Value* Value::find(std::string_view key) const noexcept {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Value& child) { return child.name == key; });
  return found == children.end() ? nullptr : &*found;
}

std::variant<Value, Mistake> parse(std::string_view yaml_text) {
  if (auto refused = refuse_bytes(yaml_text)) return *std::move(refused);
  try {
    std::istringstream stream(without_last_breaks(yaml_text));
    YAML::Parser parser(stream);
    TreeBuilder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const YAML::Exception& error) {
    return unreadable(error.msg, error.mark.line + 1);
  } catch (const std::exception& error) {
    return unreadable(error.what(), 0);
  }
}

}  // namespace weir::settings
