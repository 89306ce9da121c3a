#include "cli/client_command.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "cli/admin_client.h"
#include "cli/follow.h"
#include "cli/panel.h"
#include "cli/report.h"
#include "model/weight.h"

namespace weir::cli {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;
using rollout::Action;

std::string action_body(const rollout::ActionRequest& request) {
  json::object body;
  if (!request.reason.empty()) body["reason"] = request.reason;
  if (!request.revision.empty()) body["revision"] = request.revision;
  if (request.full) body["full"] = true;
  if (request.force) body["force"] = true;
  if (request.action == Action::set_weight) body["weight"] = percent_text(request.weight);
  return json::serialize(body);
}

std::string random_key() {
  std::random_device random;
  std::string key;
  for (int part = 0; part < 4; ++part) {
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", random());
    key += digits.data();
  }
  return key;
}

std::vector<std::string> names_in(const json::value& services) {
  std::vector<std::string> names;
  for (const auto& service : services.as_object().at("services").as_array()) {
    names.push_back(read_rollout(service).service);
  }
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

/// One command under way.
class ClientCommand {
 public:
  ClientCommand(const Options& options, AdminClient& client) : options_(options), client_(client) {}

  awaitable<ExitCode> run() {
    if (options_.command == Command::act) co_return co_await act();
    if (options_.command == Command::history) co_return co_await history();
    if (options_.watch) co_return co_await watch();
    co_return co_await show();
  }

  /// What to say after Ctrl-C. The terminal is given back first.
  std::string farewell() {
    report_.reset();
    const auto silence = follow_ ? follow_->driver_timeout_seconds() : 0;
    if (!options_.wait || silence <= 0) return "interrupted";
    return "interrupted; the proxy rolls back after " + std::to_string(static_cast<long>(silence)) +
           " s without a driver";
  }

 private:
  awaitable<ExitCode> show();
  awaitable<ExitCode> history();
  awaitable<ExitCode> watch();
  awaitable<ExitCode> act();
  awaitable<std::string> find_service();
  awaitable<Answer> post(std::string path);
  /// None where there was no answer, after a pause.
  awaitable<std::optional<Answer>> try_post(std::string path, ActionCall call);
  awaitable<void> follow(std::string service);

  const Options& options_;
  AdminClient& client_;
  std::unique_ptr<Report> report_;
  std::optional<Follow> follow_;
};

awaitable<std::string> ClientCommand::find_service() {
  if (!options_.service.empty()) co_return options_.service;
  const auto answer = co_await client_.get("/v1/services");
  require_success(answer);
  const auto names = names_in(answer.body);
  if (names.size() == 1) co_return names.front();
  throw Refused(400, "which service? name one with --service: " + listed(names));
}

awaitable<ExitCode> ClientCommand::show() {
  const bool all = options_.service.empty();
  const std::string path = all ? "/v1/services" : "/v1/services/" + options_.service + "/rollout";
  const auto answer = co_await client_.get(path);
  require_success(answer);
  if (!all || options_.json) {
    print_status(answer.body, options_.json);
    co_return ExitCode::done;
  }
  bool first = true;
  for (const auto& service : answer.body.as_object().at("services").as_array()) {
    if (!std::exchange(first, false)) std::cout << '\n';
    print_status(service, false);
  }
  co_return ExitCode::done;
}

awaitable<ExitCode> ClientCommand::history() {
  const auto service = co_await find_service();
  const auto answer = co_await client_.get("/v1/services/" + service + "/rollout/history");
  require_success(answer);
  print_history(answer.body, options_.json);
  co_return ExitCode::done;
}

awaitable<void> ClientCommand::follow(std::string service) {
  report_ = make_report(options_.json);
  follow_.emplace(client_, *report_, std::move(service), options_.timeout);
  boost::asio::co_spawn(client_.executor(), follow_->collect_events(), boost::asio::detached);
  co_await follow_->listening();
}

awaitable<ExitCode> ClientCommand::watch() {
  co_await follow(co_await find_service());
  co_return co_await follow_->watch();
}

// The key makes it safe to ask again where the connection broke before the answer, or the
// proxy was just being replaced.
awaitable<Answer> ClientCommand::post(std::string path) {
  const ActionCall call{action_body(options_.action), options_.if_epoch, random_key()};
  for (int attempts_left = 2; attempts_left > 0; --attempts_left) {
    const auto answer = co_await try_post(path, call);
    if (answer) co_return *answer;
  }
  co_return co_await client_.post(path, call);
}

awaitable<std::optional<Answer>> ClientCommand::try_post(std::string path, ActionCall call) {
  try {
    auto answer = co_await client_.post(std::move(path), std::move(call));
    if (answer.status != 503) co_return answer;
  } catch (const Unreachable&) {
    // the pause cannot be awaited in here
  }
  boost::asio::steady_timer pause(client_.executor(), Milliseconds(500));
  co_await pause.async_wait(boost::asio::use_awaitable);
  co_return std::nullopt;
}

awaitable<ExitCode> ClientCommand::act() {
  const auto service = co_await find_service();
  if (options_.wait) co_await follow(service);
  const std::string action(rollout::name_of(options_.action.action));
  const auto answer = co_await post("/v1/services/" + service + "/rollout/" + action);
  require_success(answer);
  const auto view = read_rollout(answer.body);
  if (options_.wait) co_return co_await follow_->wait(view.at.epoch);
  std::cout << (options_.json ? json::serialize(answer.body) : summary_line(view)) << '\n';
  co_return ExitCode::done;
}

ExitCode complain(const std::string& text, ExitCode code) {
  std::cerr << "error: " << text << '\n';
  return code;
}

ExitCode explain(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Unreachable& error) {
    return complain(error.what(), ExitCode::unreachable);
  } catch (const boost::system::system_error&) {
    return complain("the server does not answer as Weir does", ExitCode::unreachable);
  } catch (const std::logic_error&) {  // Boost.JSON: not the type or member it should be
    return complain("the server does not answer as Weir does", ExitCode::unreachable);
  } catch (const std::exception& error) {
    return complain(error.what(), ExitCode::wrong_use);
  }
}

ExitCode conclude(ExitCode code) {
  if (code == ExitCode::rolled_back) {
    return complain("the rollout was rolled back or replaced", code);
  }
  if (code == ExitCode::timed_out) return complain("timed out; the rollout may go on", code);
  if (code == ExitCode::unreachable) return complain("the proxy never answered", code);
  return code;
}

}  // namespace

ExitCode run_client(const Options& options) {
  const auto server = read_server(options.server);
  if (const auto* wrong = std::get_if<std::string>(&server)) {
    return complain(*wrong, ExitCode::wrong_use);
  }
  boost::asio::io_context context(1);
  AdminClient client(context.get_executor(), std::get<ServerAddress>(server), options.token_file);
  ClientCommand command(options, client);
  auto code = ExitCode::interrupted;
  std::exception_ptr failure;
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&context](boost::system::error_code, int) { context.stop(); });
  boost::asio::co_spawn(context, command.run(), [&](std::exception_ptr thrown, ExitCode ended) {
    failure = std::move(thrown);
    code = ended;
    context.stop();
  });
  context.run();
  const auto farewell = command.farewell();
  if (failure) return explain(failure);
  if (code == ExitCode::interrupted) return complain(farewell, code);
  return conclude(code);
}

}  // namespace weir::cli
