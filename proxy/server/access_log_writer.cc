#include "server/access_log_writer.h"

#include <spdlog/logger.h>

#include <boost/json.hpp>
#include <chrono>

namespace weir::server {
namespace {

namespace json = boost::json;

json::string_view text(std::string_view view) { return {view.data(), view.size()}; }

std::string line_of(const forwarding::AccessRecord& record) {
  json::object line{{"log", "access"},
                    {"unix_ms", record.unix_ms},
                    {"client", text(record.client.view())},
                    {"status", record.status}};
  if (record.refused) line["refused"] = text(record.reason.view());
  if (record.untold != 0) line["untold"] = record.untold;
  if (!record.method.view().empty()) {
    line["method"] = text(record.method.view());
    line["host"] = text(record.host.view());
    line["path"] = text(record.path.view());
  }
  if (!record.refused) {
    line["service"] = text(record.service.view());
    line["version"] = text(name_of(record.version));
    line["epoch"] = record.epoch;
    line["latency_us"] = record.latency_us;
    line["attempts"] = record.attempts;
    if (record.shielded) line["shielded"] = true;
    if (record.preview) line["preview"] = true;
  }
  const auto id = record.request_id.view();
  if (!id.empty()) line["request_id"] = text(id);
  return json::serialize(line);
}

}  // namespace

AccessLogWriter::AccessLogWriter(WorkerGroup& workers, std::shared_ptr<spdlog::logger> log)
    : workers_(workers), log_(std::move(log)), thread_([this] { write_until_stopped(); }) {}

AccessLogWriter::~AccessLogWriter() {
  stopped_ = true;
  workers_.access_bell().ring();
  thread_.join();
}

std::uint64_t AccessLogWriter::lost() noexcept {
  std::uint64_t lost = 0;
  for (std::size_t i = 0; i < workers_.size(); ++i) lost += workers_.worker(i).access_log().lost();
  return lost;
}

void AccessLogWriter::write_until_stopped() {
  constexpr Milliseconds collecting{50};  // many lines, one write
  while (!stopped_) {
    workers_.access_bell().wait();
    std::this_thread::sleep_for(collecting);
    write_waiting();
  }
}

void AccessLogWriter::write_waiting() {
  std::size_t lines = 0;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    lines += workers_.worker(i).access_log().drain(
        [this](const forwarding::AccessRecord& record) { log_->info(line_of(record)); });
  }
  if (lines == 0) return;
  log_->flush();
  written_.fetch_add(lines, std::memory_order_relaxed);
}

}  // namespace weir::server
