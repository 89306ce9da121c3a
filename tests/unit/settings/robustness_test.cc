#include <gtest/gtest.h>

#include <ctime>
#include <iostream>
#include <random>

#include "configuration_text.h"
#include "settings/load.h"

namespace weir::settings {
namespace {

/// One change of the kinds a keyboard, a merge or an attacker makes.
void mutate(std::string& text, std::mt19937& random) {
  static const std::string marks = "{}[]:,-#'\"&*!|>%@`?~ \n\t\x04\xff\x80";
  const auto below = [&](std::size_t end) { return random() % std::max<std::size_t>(end, 1); };
  const auto at = below(text.size());
  switch (random() % 5) {
    case 0:
      text.erase(at, 1 + below(8));
      break;
    case 1:
      text.insert(at, 1, marks[below(marks.size())]);
      break;
    case 2:
      text.insert(at, text.substr(below(text.size()), below(60)));
      break;
    case 3:
      text.resize(at);
      break;
    default:
      if (!text.empty()) text[at] = static_cast<char>(random() % 256);
  }
}

TEST(Load, AnswersEveryMutationWithAPlanOrMistakes) {
  std::vector<std::string> samples;
  for (const auto* name :
       {"minimal", "blue-green", "canary", "careful", "doubling", "two-services", "tls"}) {
    samples.push_back(text_of_file("config/" + std::string(name) + ".yaml"));
    ASSERT_FALSE(samples.back().empty());
  }
  std::mt19937 random(20'240'229);
  int refused = 0;
  for (int round = 0; round < 2'000; ++round) {
    auto text = samples[random() % samples.size()];
    for (auto changes = 1 + random() % 6; changes > 0; --changes) mutate(text, random);
    const auto loaded = load(text);
    ASSERT_NE(loaded.plan.has_value(), !loaded.mistakes.empty()) << text;
    for (const auto& mistake : loaded.mistakes) {
      ASSERT_EQ(format(mistake).find('\n'), std::string::npos) << text;
    }
    refused += loaded.plan ? 0 : 1;
  }
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 2'000);
}

std::string pool(int service, int colour) {
  std::string text = "{endpoints: [";
  for (int i = 0; i < 50; ++i) {
    text += "'10." + std::to_string(colour) + "." + std::to_string(service % 250) + "." +
            std::to_string(i) + ":" + std::to_string(8'000 + service) + "', ";
  }
  return text + "]}";
}

TEST(Load, AThousandServicesOfAHundredEndpointsTakeUnderFiveSeconds) {
  std::string text = "services:\n";
  for (int i = 0; i < 1'000; ++i) {
    text += "- {name: s" + std::to_string(i) + ", hosts: [h" + std::to_string(i) +
            ".example.com], pools: {blue: " + pool(i, 1) + ", green: " + pool(i, 2) + "}}\n";
  }
  const auto begin = std::clock();  // of this process alone, so that busy neighbours do not count
  const auto loaded = load(text);
  const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::cout << text.size() << " bytes loaded in " << took << " s\n";
  ASSERT_TRUE(loaded.plan.has_value()) << format(loaded.mistakes.front());
  EXPECT_EQ(loaded.plan->services.at(999).pools[Version::green].endpoints.size(), 50u);
  EXPECT_LT(took, 5.0);
}

}  // namespace
}  // namespace weir::settings
