#include "server/candidate.h"

#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "server/config_file.h"

namespace weir::server {
namespace {

/// Of the calling thread alone, as Linux has it.
void step_back() {
  constexpr int niceness = 5;
  ::setpriority(PRIO_PROCESS, 0, niceness);
}

Candidate read(const std::string& path, const std::shared_ptr<net::TicketKeys>& keys) {
  Candidate candidate;
  auto loaded = load_file(path);
  for (const auto& mistake : loaded.mistakes) {
    candidate.problems.push_back(path + ": " + settings::format(mistake));
  }
  if (!loaded.plan) return candidate;
  candidate.plan = std::make_shared<const Plan>(std::move(*loaded.plan));
  candidate.files.emplace(*candidate.plan);
  candidate.tls = net::load_tls(*candidate.plan, keys);
  auto problems = candidate.tls.problems;
  for (auto& problem : net::unreadable_secrets(*candidate.plan)) {
    problems.push_back(std::move(problem));
  }
  for (const auto& [where, message] : problems) {
    candidate.problems.emplace_back(where).append(": ").append(message);
  }
  return candidate;
}

boost::asio::awaitable<Candidate> read_here(std::string path,
                                            std::shared_ptr<net::TicketKeys> keys) {
  step_back();
  co_return read(path, keys);
}

}  // namespace

boost::asio::awaitable<Candidate> read_candidate(boost::asio::thread_pool& elsewhere,
                                                 std::string path,
                                                 std::shared_ptr<net::TicketKeys> keys) {
  co_return co_await boost::asio::co_spawn(elsewhere, read_here(std::move(path), std::move(keys)),
                                           boost::asio::use_awaitable);
}

double checks_wanted_per_second(const Plan& plan) {
  constexpr double ms_per_second = 1'000;
  double wanted = 0;
  for (const auto& service : plan.services) {
    for (const auto version : both_versions) {
      const auto& pool = service.pools[version];
      if (pool.check.kind == HealthCheck::Kind::none) continue;
      wanted += static_cast<double>(pool.endpoints.size()) * ms_per_second /
                static_cast<double>(pool.check.interval.count());
    }
  }
  return wanted;
}

}  // namespace weir::server
