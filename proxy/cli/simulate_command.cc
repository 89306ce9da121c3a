#include "cli/simulate_command.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <vector>

#include "cli/config_file.h"
#include "rollout/simulation.h"
#include "rollout/wording.h"

namespace weir::cli {
namespace {

namespace json = boost::json;
using rollout::ExpectedTraffic;
using rollout::SimulatedRollout;
using Ending = SimulatedRollout::Ending;
using Rollouts = std::vector<SimulatedRollout>;

Rollouts run_all(const RolloutPolicy& policy, const ExpectedTraffic& traffic, std::uint64_t runs) {
  Rollouts rollouts;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    rollouts.push_back(rollout::simulate(policy, traffic, seed));
  }
  return rollouts;
}

Rollouts ended_so(const Rollouts& rollouts, Ending ending) {
  Rollouts chosen;
  std::copy_if(rollouts.begin(), rollouts.end(), std::back_inserter(chosen),
               [ending](const SimulatedRollout& each) { return each.ending == ending; });
  return chosen;
}

/// Nothing of nothing: 0.
template <class Value>
double quantile(const Rollouts& rollouts, double share, Value value) {
  std::vector<double> values;
  for (const auto& each : rollouts) values.push_back(value(each));
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(place, values.size() - 1)];
}

/// Median and ninth decile of three things, of those that ended alike.
json::object figures(const Rollouts& rollouts) {
  const auto both = [&](auto value) {
    return json::object{{"median", quantile(rollouts, 0.5, value)},
                        {"p90", quantile(rollouts, 0.9, value)}};
  };
  return {{"seconds",
           both([](const auto& each) { return static_cast<double>(each.after.count()) / 1'000; })},
          {"canary_requests",
           both([](const auto& each) { return static_cast<double>(each.canary_requests); })},
          {"bad_responses",
           both([](const auto& each) { return static_cast<double>(each.bad_responses); })}};
}

json::object summary(const Rollouts& rollouts) {
  const auto share = [&](Ending ending) {
    return static_cast<double>(ended_so(rollouts, ending).size()) /
           static_cast<double>(rollouts.size());
  };
  const auto rolled_back = ended_so(rollouts, Ending::rolled_back);
  return {{"runs", rollouts.size()},
          {"finished", share(Ending::finished)},
          {"rolled_back", share(Ending::rolled_back)},
          {"paused", share(Ending::paused)},
          {"endless", share(Ending::endless)},
          {"until_finished", figures(ended_so(rollouts, Ending::finished))},
          {"until_rollback", figures(rolled_back)},
          {"reason", rolled_back.empty() ? std::string() : rolled_back.front().reason}};
}

double number(const json::object& summary, std::string_view path) {
  return json::value(summary).at_pointer(path).to_number<double>();
}

std::string median_and_p90(const json::object& summary, const std::string& path) {
  return rollout::amount_text(number(summary, path + "/median")) + " (" +
         rollout::amount_text(number(summary, path + "/p90")) + ')';
}

void print(const std::string& release, const json::object& summary) {
  const auto percent = [&](std::string_view path) {
    return rollout::ratio_text(number(summary, path));
  };
  std::cout << release << ": finished " << percent("/finished") << ", rolled back "
            << percent("/rolled_back") << ", paused " << percent("/paused") << ", without an end "
            << percent("/endless") << '\n';
  for (const std::string until : {"until_finished", "until_rollback"}) {
    const auto path = '/' + until;
    if (number(summary, path + "/seconds/median") == 0) continue;
    std::cout << "  " << (until == "until_finished" ? "until the end: " : "until rollback: ")
              << median_and_p90(summary, path + "/seconds") << " s, "
              << median_and_p90(summary, path + "/canary_requests") << " canary requests, "
              << median_and_p90(summary, path + "/bad_responses") << " bad responses\n";
  }
  const std::string reason(summary.at("reason").as_string());
  if (!reason.empty()) std::cout << "  such as: " << reason << '\n';
}

const ServicePlan* chosen_service(const Plan& plan, const std::string& name) {
  if (name.empty() && plan.services.size() == 1) return &plan.services.front();
  const auto found = std::find_if(plan.services.begin(), plan.services.end(),
                                  [&](const ServicePlan& each) { return each.name == name; });
  return found == plan.services.end() ? nullptr : &*found;
}

}  // namespace

ExitCode simulate_service(const Options& options) {
  const auto plan = read_config(options.config);
  if (!plan) return ExitCode::wrong_use;
  const auto* service = chosen_service(*plan, options.service);
  if (service == nullptr) {
    std::cerr << "error: " << options.config << " has no service '" << options.service
              << "'; name one with --service\n";
    return ExitCode::wrong_use;
  }
  const auto& [rate, stable, broken, runs] = options.simulation;
  const auto good =
      summary(run_all(service->rollout, {rate, stable.ratio(), stable.ratio()}, runs));
  const auto bad = summary(run_all(service->rollout, {rate, stable.ratio(), broken.ratio()}, runs));
  if (options.json) {
    std::cout << json::serialize(json::object{
                     {"service", service->name}, {"as_good_as_stable", good}, {"broken", bad}})
              << '\n';
    return ExitCode::done;
  }
  std::cout << service->name << ": " << runs << " rollouts at " << rollout::amount_text(rate)
            << " requests/s; medians, and in brackets the 90th percentile\n";
  print("as good as stable, " + percent_text(stable) + " errors", good);
  print(percent_text(broken) + " errors", bad);
  return ExitCode::done;
}

}  // namespace weir::cli
