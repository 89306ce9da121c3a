#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>

#include "gates.h"
#include "report.h"

/// How often Weir and others roll a good release back, how soon a bad one, and at what cost to
/// its clients (README.md).
namespace weir::decisions {
namespace {

struct Options {
  std::uint64_t runs = 10'000;
  std::string only;  ///< cells whose name contains it
  std::string json;  ///< file
  bool loose = false;
};

std::vector<Result> run_all(const Options& options, const std::vector<Contender>& rules) {
  std::vector<Result> results;
  const auto cells = all_cells();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].name().find(options.only) == std::string::npos) continue;
    std::cerr << i + 1 << '/' << cells.size() << ' ' << cells[i].name() << '\n';
    results.push_back({cells[i], try_out(cells[i], i, options.runs, rules)});
  }
  return results;
}

int run(const Options& options) {
  const auto rules = contenders();
  const auto results = run_all(options, rules);
  const auto gates = gates_of(results, options.loose);
  print_tables(std::cout, results, rules, gates);
  if (!options.json.empty()) {
    std::ofstream file(options.json);
    write_json(file, results, rules, gates);
    if (!file.flush()) {
      std::cerr << "cannot write " << options.json << '\n';
      return 2;
    }
  }
  return std::all_of(gates.begin(), gates.end(), [](const Gate& gate) { return gate.met; }) ? 0 : 1;
}

}  // namespace
}  // namespace weir::decisions

int main(int count, char** arguments) {
  weir::decisions::Options options;
  CLI::App app{"Simulates rollouts; exit code 1 where a gate is missed"};
  app.add_option("--runs", options.runs, "of each cell")->check(CLI::Range(1, 999'999));
  app.add_option("--only", options.only, "cells whose name contains this");
  app.add_option("--json", options.json, "file for all figures");
  app.add_flag("--loose", options.loose, "gates for few runs");
  CLI11_PARSE(app, count, arguments);
  return weir::decisions::run(options);
}
