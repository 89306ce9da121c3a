#include "rollout_loop/audit_log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "net/clock.h"
#include "rollout_loop/evidence_json.h"
#include "rollout_loop/position.h"

namespace weir::rollout_loop {
namespace {

namespace json = boost::json;

std::shared_ptr<spdlog::logger> open_log(const std::string& file) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (file.empty()) {
    sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
  }
  auto log = std::make_shared<spdlog::logger>("audit", std::move(sink));
  log->set_pattern("%v");
  log->flush_on(spdlog::level::info);
  return log;
}

}  // namespace

AuditLog::AuditLog(const std::string& file) : log_(open_log(file)) {}

void AuditLog::transition(const Event& event) {
  const auto& transition = event.transition;
  json::array guards;
  for (const auto& each : transition.assessments) guards.push_back(to_json(each));
  log_->info(json::serialize(json::object{{"log", "audit"},
                                          {"unix_ms", event.unix_ms},
                                          {"event", event.id},
                                          {"who", event.who},
                                          {"service", event.service},
                                          {"what", transition.kind},
                                          {"from", position(transition.from)},
                                          {"to", position(transition.to)},
                                          {"why", transition.reason},
                                          {"guard", transition.guard},
                                          {"guards", std::move(guards)},
                                          {"seen", to_json(transition.seen)}}));
}

void AuditLog::refused(std::string_view who, std::string_view service, std::string_view what,
                       int status, std::string_view why) {
  log_->info(json::serialize(json::object{{"log", "audit"},
                                          {"unix_ms", net::unix_ms()},
                                          {"who", who},
                                          {"service", service},
                                          {"what", what},
                                          {"refused", status},
                                          {"why", why}}));
}

}  // namespace weir::rollout_loop
