#pragma once
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "admin/admin_server.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// Workers that serve nothing.
class IdlePublication : public rollout_loop::Publication {
 public:
  void publish(std::shared_ptr<const routing::RoutingSnapshot>) override {}
  boost::asio::awaitable<void> settled() override { co_return; }
  PerVersion<outcomes::Counts> counts(std::size_t) const override { return {}; }
  outcomes::LatencySpread latencies(std::size_t, Version) const override { return {}; }
  PerVersion<std::uint64_t> active(std::size_t) const override { return {}; }
  PerVersion<outcomes::MirrorCounts> mirrored(std::size_t) const override { return {}; }
  void drain_failures(const TakeFailure&) override {}
  void drain_samples(const TakeSample&) override {}
};

/// A disk that may be full.
class SmallStore : public rollout_loop::StateStore {
 public:
  rollout_loop::Kept load() override { return {}; }
  std::string save(const rollout_loop::States&, const rollout_loop::Notices&) override {
    return full ? "no space left" : "";
  }
  bool full = false;
};

/// No service has a hook.
class NoHooks : public rollout_loop::Poster {
 public:
  boost::asio::awaitable<rollout_loop::HttpReply> post(rollout_loop::HttpPost) override {
    co_return rollout_loop::HttpReply{0, {}, "nobody is there"};
  }
};

inline std::shared_ptr<const Plan> plan_with(const std::vector<std::string>& services,
                                             Milliseconds hold, Milliseconds driver_timeout) {
  auto plan = std::make_shared<Plan>();
  for (const auto& name : services) {
    ServicePlan service;
    service.name = name;
    service.rollout.steps = {{Weight::percent(5), hold, 0, false},
                             {Weight::percent(50), hold, 0, false}};
    service.rollout.errors.reset();
    service.rollout.health.reset();
    service.rollout.driver_timeout = driver_timeout;
    plan->services.push_back(service);
  }
  return plan;
}

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

/// A blocking client of the admin server: what tests say and hear.
class AdminCaller {
 public:
  explicit AdminCaller(std::uint16_t port) : port_(port), socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  void write(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

  Response read(bool head_only = false) {
    boost::beast::http::response_parser<boost::beast::http::string_body> parser;
    parser.skip(head_only);
    boost::beast::http::read(socket_, buffer_, parser);
    return parser.release();
  }

  Response ask(Verb method, const std::string& target, const std::string& body = "",
               const HeaderFields& fields = {}) {
    Request request(method, target, 11);
    request.set(Field::host, "127.0.0.1:" + std::to_string(port_));
    for (const auto& [name, value] : fields) request.set(name, value);
    request.body() = body;
    request.prepare_payload();
    boost::beast::http::write(socket_, request);
    return read(method == Verb::head);
  }

  /// What came in until `wanted` did; all there is where the server ends first.
  std::string read_until(const std::string& wanted) {
    std::string seen;
    boost::system::error_code ended;
    while (seen.find(wanted) == std::string::npos && !ended) {
      char piece[1'024];
      seen.append(piece, socket_.read_some(boost::asio::buffer(piece), ended));
    }
    return seen;
  }

 private:
  std::uint16_t port_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

/// An admin server with a real rollout loop behind it, on a control thread of its own.
class AdminStage {
 public:
  struct Setting {
    std::vector<std::string> services{"shop", "api"};
    Milliseconds hold{3'600'000};
    Milliseconds driver_timeout{0};
    std::string token_file{};
    bool ready = true;
  };

  AdminStage() : AdminStage(Setting()) {}
  explicit AdminStage(Setting setting)
      : audit_path_(std::filesystem::temp_directory_path() /
                    ("weir-audit-" + std::to_string(::getpid()) + ".log")),
        audit(audit_path_.string()),
        loop(control, publication, store, audit, history, poster) {
    start(setting);
  }

  ~AdminStage() {
    on_control([this] {
      server->stop();
      loop.stop();
    });
    server_run_.wait();
    loop_run_.wait();
    work_.reset();
    thread_.join();
    std::filesystem::remove(audit_path_);
  }
  AdminStage(const AdminStage&) = delete;
  AdminStage& operator=(const AdminStage&) = delete;

  template <class Work>
  void on_control(Work work) {
    std::promise<void> done;
    boost::asio::post(control, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  AdminCaller caller() const { return AdminCaller(server->port()); }
  Response ask(Verb method, const std::string& target, const std::string& body = "",
               const HeaderFields& fields = {}) const {
    return caller().ask(method, target, body, fields);
  }
  Response post(const std::string& action, const std::string& body = "",
                const HeaderFields& fields = {}) const {
    return ask(Verb::post, "/v1/services/shop/rollout/" + action, body, fields);
  }
  std::string audit_text() const {
    std::ifstream stream(audit_path_);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server->port()); }

 private:
  void start(const Setting& setting) {
    AdminPlan plan;
    plan.listen.address = *IpAddress::parse("127.0.0.1");
    plan.token_file = setting.token_file;
    MetricsSource source{[] { return ProcessCounts{}; },
                         [](const std::string&, Version) { return PoolCounters{}; }};
    server.emplace(
        control, loop, plan, [ready = setting.ready] { return ready; }, std::move(source));
    thread_ = std::thread([this] { control.run(); });
    auto applied = loop.apply(plan_with(setting.services, setting.hold, setting.driver_timeout),
                              [](const std::string&, Version) -> PoolViewPtr {
                                return std::make_shared<const PoolView>();
                              });
    boost::asio::co_spawn(control, std::move(applied), boost::asio::use_future).get();
    loop_run_ = boost::asio::co_spawn(control, loop.run(), boost::asio::use_future);
    server_run_ = boost::asio::co_spawn(control, server->run(), boost::asio::use_future);
  }

  std::filesystem::path audit_path_;

 public:
  boost::asio::io_context control{1};
  IdlePublication publication;
  SmallStore store;
  rollout_loop::AuditLog audit;
  rollout_loop::RolloutHistory history;
  NoHooks poster;
  rollout_loop::RolloutLoop loop;
  std::optional<AdminServer> server;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      control.get_executor()};
  std::thread thread_;
  std::future<void> server_run_, loop_run_;
};

}  // namespace weir::admin
