#include "outcomes/outcome.h"

#include <gtest/gtest.h>

namespace weir::outcomes {
namespace {

struct Rule {
  const char* name;
  Outcome outcome;
  bool evidence;
  bool error;
};

Outcome ended(Ending ending, std::uint16_t status) {
  Outcome outcome;
  outcome.ending = ending;
  outcome.status = status;
  return outcome;
}

Outcome previewed(Outcome outcome) {
  outcome.preview = true;
  return outcome;
}

Outcome of_an_earlier_epoch(Outcome outcome) {
  outcome.current_epoch = false;
  return outcome;
}

TEST(Outcome, CountsForOrAgainstItsVersionByThisTable) {
  const Rule rules[] = {
      {"200", ended(Ending::answered, 200), true, false},
      {"304", ended(Ending::answered, 304), true, false},
      {"404", ended(Ending::answered, 404), true, false},
      {"499", ended(Ending::answered, 499), true, false},
      {"500", ended(Ending::answered, 500), true, true},
      {"503", ended(Ending::answered, 503), true, true},
      {"599", ended(Ending::answered, 599), true, true},
      {"beyond the known classes", ended(Ending::answered, 700), true, true},
      {"no connection", ended(Ending::connect_failed, 0), true, true},
      {"reset before the head", ended(Ending::reset, 0), true, true},
      {"reset after a good head", ended(Ending::reset, 200), true, true},
      {"no head in time", ended(Ending::timed_out, 0), true, true},
      {"body stalled after a good head", ended(Ending::timed_out, 200), true, true},
      {"refused by Weir", ended(Ending::overflow, 0), false, false},
      {"client gone before the head", ended(Ending::client_aborted, 0), false, false},
      {"client gone after a bad head", ended(Ending::client_aborted, 500), false, false},
      {"preview 200", previewed(ended(Ending::answered, 200)), false, false},
      {"preview 500", previewed(ended(Ending::answered, 500)), false, true},
      {"earlier 500", of_an_earlier_epoch(ended(Ending::answered, 500)), false, true},
      {"earlier reset", of_an_earlier_epoch(ended(Ending::reset, 0)), false, true},
  };
  for (const auto& rule : rules) {
    EXPECT_EQ(is_evidence(rule.outcome), rule.evidence) << rule.name;
    EXPECT_EQ(is_error(rule.outcome), rule.error) << rule.name;
  }
}

}  // namespace
}  // namespace weir::outcomes
