#include "settings/document.h"

#include <gtest/gtest.h>

namespace weir::settings {
namespace {

Value tree(std::string_view yaml) {
  auto parsed = parse(yaml);
  if (const auto* mistake = std::get_if<Mistake>(&parsed)) ADD_FAILURE() << format(*mistake);
  return std::holds_alternative<Value>(parsed) ? std::get<Value>(std::move(parsed)) : Value{};
}

TEST(Document, KeepsWordsAndLines) {
  const auto root = tree("a: no\nb:\n  - '1'\n  - ~\nc: {}\n");
  EXPECT_EQ(root.kind, Value::Kind::map);
  EXPECT_EQ(root.find("a")->text, "no");
  EXPECT_EQ(root.find("b")->children.at(0).text, "1");
  EXPECT_EQ(root.find("b")->children.at(0).line, 3);
  EXPECT_EQ(root.find("b")->children.at(1).kind, Value::Kind::nothing);
  EXPECT_EQ(root.find("c")->line, 5);
  EXPECT_EQ(root.find("d"), nullptr);
}

TEST(Document, KeepsRepeatedKeys) { EXPECT_EQ(tree("a: 1\na: 2\n").children.size(), 2u); }

TEST(Document, MayBeEmpty) {
  for (const auto* text : {"", "\n", "# nothing\n", "---\n"}) {
    EXPECT_EQ(tree(text).kind, Value::Kind::nothing);
  }
}

struct Refusal {
  std::string text;
  std::string_view why;
  int line;
};

void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.why; }

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, WithItsLine) {
  const auto parsed = parse(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<Mistake>(parsed));
  const auto& mistake = std::get<Mistake>(parsed);
  EXPECT_EQ(mistake.path, "");
  EXPECT_NE(mistake.message.find(GetParam().why), std::string::npos) << mistake.message;
  EXPECT_EQ(mistake.line, GetParam().line);
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Refused,
    testing::Values(
        Refusal{"a: 1\nb: [1, 2\n", "end of sequence", 2},
        Refusal{"a: 1\n b: 2\n", "cannot be read: ", 2},
        Refusal{"a: 'x\nb: 1\n", "EOF in scalar", 2}, Refusal{"{a: b\n", "not closed", 1},
        Refusal{"a: 1\nb: &x 1\n", "anchors", 2}, Refusal{"a: 1\nb: *x\n", "cannot be read: ", 2},
        Refusal{"a: &x [*x]\n", "anchors", 1}, Refusal{"a: !!str 1\n", "tags", 1},
        Refusal{"a: !evil {}\n", "tags", 1}, Refusal{"? [a]\n: 1\n", "where a key must", 1},
        Refusal{"{a: b}: 1\n", "where a key must", 1}, Refusal{": 1\n", "a key is missing", 1},
        Refusal{"a: 1\n'': 1\n", "a key is empty", 2},
        Refusal{"a: \"\\", "unknown escape character: ?", 1},
        Refusal{"a: 1\n---\nb: 1\n", "second document", 2},
        Refusal{repeated("[", 100) + repeated("]", 100), "nested deeper than 32", 1},
        Refusal{repeated("{a: ", 100) + repeated("}", 100), "nested deeper than 32", 1},
        Refusal{repeated("- ", 100), "nested deeper than 32", 1},
        Refusal{repeated("? ", 100), "cannot be read: ", 1},
        Refusal{repeated("[", 100'000) + repeated("]", 100'000), "nested deeper than 32", 1},
        Refusal{std::string("a: 1\nb: \x04\nc: 2\n"), "control character", 2},
        Refusal{std::string("a\0: 1\n", 6), "control character", 1},
        Refusal{std::string(most_bytes + 1, '#'), "longer than", 0},
        Refusal{"[" + repeated("1,", 1'100'000) + "1]", "more than 1000000 values", 1}));

}  // namespace
}  // namespace weir::settings
