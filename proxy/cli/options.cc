#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "admin/build_version.h"
#include "model/weight.h"
#include "settings/amounts.h"

namespace weir::cli {
namespace {

using rollout::Action;

struct ActionCommand {
  Action action;
  const char* summary;
  bool can_wait;
};

constexpr std::array action_commands{
    ActionCommand{Action::start, "Begin to shift traffic to the canary", true},
    ActionCommand{Action::pause, "Stand still at the present weight", false},
    ActionCommand{Action::resume, "Go on after a pause, a gate or a guard's hold", true},
    ActionCommand{Action::promote, "Enter the next step now, or the last one", true},
    ActionCommand{Action::abort, "Send all traffic back to stable at once", false},
    ActionCommand{Action::retry, "Begin again after a rollback", true},
    ActionCommand{Action::undo, "Swap back after a finished rollout", false},
    ActionCommand{Action::set_weight, "Stand still at a chosen weight", false},
};

constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 wrong use or refused, 2 cannot reach the proxy, 3 rolled back,\n"
    "4 timed out, 130 interrupted.";

/// Texts whose meaning is checked once all is read.
struct RawTexts {
  std::string timeout = "10m";
  std::string output = "text";
  std::string weight;
  std::string error_rate, baseline = "0.5%", rate = "100/s";
};

std::string check_duration(const std::string& text) {
  return settings::parse_duration(text) ? ""
                                        : "'" + text + "' is not a duration such as 90s or 10m";
}

// CLI11 itself would wrap "-1" around.
std::string check_epoch(const std::string& text) {
  return settings::parse_count(text) ? "" : "'" + text + "' is not an epoch";
}

std::string check_weight(const std::string& text) {
  return weight_from_percent(text) ? "" : "'" + text + "' is not a weight from 0% to 100%";
}

std::string check_share(const std::string& text) {
  return settings::parse_share(text) ? "" : "'" + text + "' is not a share such as 3%";
}

/// "200/s", or "200".
std::optional<double> rate_in(std::string_view text) {
  if (text.ends_with("/s")) text.remove_suffix(2);
  const auto rate = settings::parse_decimal(text);
  return rate && *rate > 0 && *rate <= 1e6 ? rate : std::nullopt;
}

std::string check_rate(const std::string& text) {
  return rate_in(text) ? "" : "'" + text + "' is not a rate such as 200/s";
}

// As in the configuration; it becomes part of a path.
std::string check_service(const std::string& text) {
  constexpr auto allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  const bool named = !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
  return named ? "" : "'" + text + "' is not the name of a service";
}

// Read beforehand: CLI11 would let the variable of a command that was not given win over
// the option of the one that was.
void take_environment(Options& options) {
  const auto take = [](const char* name, std::string& value) {
    const char* found = std::getenv(name);
    if (found != nullptr && *found != '\0') value = found;
  };
  take("WEIR_SERVER", options.server);
  take("WEIR_TOKEN_FILE", options.token_file);
  take("WEIR_SERVICE", options.service);
}

void add_config(CLI::App& command, Options& options) {
  command.add_option("-c,--config", options.config, "The configuration, a YAML file")->required();
}

void add_output(CLI::App& command, RawTexts& texts) {
  command.add_option("-o,--output", texts.output, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void add_connection(CLI::App& command, Options& options, RawTexts& texts) {
  command.add_option("--server", options.server, "Where the admin API answers (Env: WEIR_SERVER)")
      ->capture_default_str();
  command.add_option("--token-file", options.token_file,
                     "File whose first line is the token (Env: WEIR_TOKEN_FILE)");
  command
      .add_option("-s,--service", options.service,
                  "May be left out where there is only one (Env: WEIR_SERVICE)")
      ->check(check_service);
  add_output(command, texts);
}

void add_timeout(CLI::App& command, RawTexts& texts) {
  command.add_option("--timeout", texts.timeout, "How long to go on, such as 90s; 0: no limit")
      ->check(check_duration)
      ->capture_default_str();
}

void add_serving(CLI::App& app, Options& options) {
  auto* run = app.add_subcommand("run", "Serve");
  add_config(*run, options);
  run->add_option("--take-over", options.take_over,
                  "Replace the process that has this take_over.socket, which then drains");
  run->callback([&options] { options.command = Command::run; });
  auto* check = app.add_subcommand("check", "Report every mistake in a configuration");
  add_config(*check, options);
  check->callback([&options] { options.command = Command::check; });
}

void add_simulate(CLI::App& app, Options& options, RawTexts& texts) {
  auto* simulate =
      app.add_subcommand("simulate", "Try the rollout of a service on made-up traffic");
  add_config(*simulate, options);
  simulate->add_option("-s,--service", options.service, "May be left out where there is only one")
      ->check(check_service);
  simulate->add_option("--error-rate", texts.error_rate, "Of a broken canary, such as 3%")
      ->required()
      ->check(check_share);
  simulate->add_option("--baseline", texts.baseline, "Error rate of stable")
      ->check(check_share)
      ->capture_default_str();
  simulate->add_option("--rate", texts.rate, "Requests of both versions")
      ->check(check_rate)
      ->capture_default_str();
  simulate->add_option("--runs", options.simulation.runs, "Rollouts of each kind")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  add_output(*simulate, texts);
  simulate->callback([&options] { options.command = Command::simulate; });
}

void add_status(CLI::App& app, Options& options, RawTexts& texts) {
  auto* status = app.add_subcommand("status", "Show where rollouts stand");
  add_connection(*status, options, texts);
  status->add_flag("-w,--watch", options.watch, "Go on showing changes");
  status->callback([&options, &texts] {
    options.command = Command::status;
    texts.timeout = "0";
  });
}

void add_history(CLI::App& app, Options& options, RawTexts& texts) {
  auto* history = app.add_subcommand("history", "Show past rollouts and how they ended");
  add_connection(*history, options, texts);
  history->callback([&options] { options.command = Command::history; });
}

void add_action(CLI::App& app, const ActionCommand& each, Options& options, RawTexts& texts) {
  auto& request = options.action;
  auto* command = app.add_subcommand(std::string(rollout::name_of(each.action)), each.summary);
  add_connection(*command, options, texts);
  command->add_option("--reason", request.reason, "For the audit log");
  command->add_option("--if-epoch", options.if_epoch, "Refuse unless this is the epoch")
      ->check(check_epoch);
  if (each.can_wait) {
    command->add_flag("--wait", options.wait, "Go on until the rollout has ended");
    add_timeout(*command, texts);
  }
  if (each.action == Action::start) {
    command->add_option("--revision", request.revision, "What the release is called");
  }
  if (each.action == Action::promote) {
    command->add_flag("--full", request.full, "Enter the last step: 100%");
  }
  if (rollout::can_be_forced(each.action)) {
    command->add_flag("--force", request.force,
                      "In spite of a freeze window or a lack of capacity");
  }
  if (each.action == Action::set_weight) {
    command->add_option("weight", texts.weight, "Such as 5%")->required()->check(check_weight);
  }
  command->callback([&options, action = each.action] {
    options.command = Command::act;
    options.action.action = action;
  });
}

ExitCode report(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    app.exit(error, std::cout, std::cerr);
    return ExitCode::done;
  }
  std::cerr << "error: " << error.what() << "\nsee weir --help\n";
  return ExitCode::wrong_use;
}

void take_texts(const RawTexts& texts, Options& options) {
  options.json = texts.output == "json";
  options.timeout = settings::parse_duration(texts.timeout).value_or(options.timeout);
  auto& simulation = options.simulation;
  simulation.broken_errors = settings::parse_share(texts.error_rate).value_or(Weight::none());
  simulation.stable_errors =
      settings::parse_share(texts.baseline).value_or(simulation.stable_errors);
  simulation.requests_per_second = rate_in(texts.rate).value_or(simulation.requests_per_second);
  options.action.weight = weight_from_percent(texts.weight).value_or(Weight::none());
}

}  // namespace

std::variant<Options, ExitCode> read_options(int argc, const char* const* argv) {
  Options options;
  RawTexts texts;
  take_environment(options);
  CLI::App app("Weir moves traffic between two pools of one application.", "weir");
  app.set_version_flag("--version", "weir " + std::string(admin::build_version));
  app.require_subcommand(1);
  app.footer(exit_codes);
  add_serving(app, options);
  add_simulate(app, options, texts);
  add_status(app, options, texts);
  add_history(app, options, texts);
  for (const auto& each : action_commands) add_action(app, each, options, texts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report(app, error);
  }
  take_texts(texts, options);
  return options;
}

}  // namespace weir::cli
