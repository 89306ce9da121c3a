#include "report.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <string>

#include "rollout/wording.h"

namespace weir::decisions {
namespace {

namespace json = boost::json;
using rollout::ratio_text;

std::string number(double value) {
  if (value == nothing) return "never";
  std::string text(32, '\0');
  const auto* format = value >= 10 || value == std::floor(value) ? "%.0f" : "%.2f";
  text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), format, value)));
  return text;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// "0.42% (0.55%)", and for a fault "509 (1044), 15 bad": median (p90) and its bad responses.
std::string in_short(const Cell& cell, const Record& record) {
  if (record.runs == 0) return "-";
  const auto false_share = share(record.false_rollbacks, record.runs);
  if (cell.is_healthy()) {
    const auto upper = wilson(record.false_rollbacks, record.runs).upper;
    return ratio_text(false_share) + " (" + ratio_text(upper) + ')';
  }
  auto text = number(quantile(record.delays, record.missed, 0.5)) + " (" +
              number(quantile(record.delays, record.missed, 0.9)) + "), " +
              number(quantile(record.bad_responses, record.missed, 0.5)) + " bad";
  return cell.onset > 0 ? text + ", " + ratio_text(false_share) + " before" : text;
}

json::value or_null(double value) { return value == nothing ? json::value() : json::value(value); }

json::object to_json(const Record& record) {
  const auto bounds = wilson(record.false_rollbacks, record.runs);
  const auto at = [&](const auto& found, double part) {
    return or_null(quantile(found, record.missed, part));
  };
  return {{"runs", record.runs},
          {"false_rollbacks", record.false_rollbacks},
          {"false_share_upper", bounds.upper},
          {"missed", record.missed},
          {"delay_median", at(record.delays, 0.5)},
          {"delay_p90", at(record.delays, 0.9)},
          {"bad_median", at(record.bad_responses, 0.5)},
          {"bad_p90", at(record.bad_responses, 0.9)},
          {"bad_mean_of_found", or_null(mean(record.bad_responses))}};
}

json::object to_json(const Result& result, const std::vector<Contender>& contenders) {
  json::object by_name;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    by_name[contenders[i].name] = to_json(result.records[i]);
  }
  const auto& cell = result.cell;
  return {
      {"cell", cell.name()},   {"shape", name_of(cell.shape)}, {"stable_rate", cell.stable_rate},
      {"weight", cell.weight}, {"ratio", cell.ratio},          {"onset", cell.onset},
      {"contenders", by_name}};
}

json::object to_json(const Gate& gate) {
  return {{"gate", gate.name},
          {"bar", gate.bar},
          {"measured", gate.measured},
          {"at_most", gate.at_most},
          {"met", gate.met}};
}

}  // namespace

void print_tables(std::ostream& out, const std::vector<Result>& results,
                  const std::vector<Contender>& contenders, const std::vector<Gate>& gates) {
  out << "| cell |";
  for (const auto& contender : contenders) out << ' ' << contender.name << " |";
  out << "\n| --- |";
  for (std::size_t i = 0; i < contenders.size(); ++i) out << " --- |";
  for (const auto& [cell, records] : results) {
    out << "\n| " << cell.name() << " |";
    for (const auto& record : records) out << ' ' << in_short(cell, record) << " |";
  }
  out << "\n\n| gate | bar | measured | |\n| --- | --- | --- | --- |\n";
  for (const auto& gate : gates) {
    const bool is_share = gate.bar < 1;
    const auto text = [is_share](double value) {
      return is_share ? ratio_text(value) : number(value);
    };
    out << "| " << gate.name << " | " << (gate.at_most ? "at most " : "at least ") << text(gate.bar)
        << " | " << text(gate.measured) << " | " << (gate.met ? "met" : "not met") << " |\n";
  }
}

void write_json(std::ostream& out, const std::vector<Result>& results,
                const std::vector<Contender>& contenders, const std::vector<Gate>& gates) {
  json::array cells, bars;
  for (const auto& result : results) cells.push_back(to_json(result, contenders));
  for (const auto& gate : gates) bars.push_back(to_json(gate));
  out << json::serialize(json::object{{"cells", cells}, {"gates", bars}}) << '\n';
}

}  // namespace weir::decisions
