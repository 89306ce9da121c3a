// What single steps of an exchange cost, by google-benchmark.
#include <benchmark/benchmark.h>

#include <boost/asio/io_context.hpp>

#include "net/deadline.h"
#include "outcomes/tally.h"
#include "routing/split.h"
#include "sample_exchange.h"
#include "upstream/connections.h"

namespace weir::bench {
namespace {

const WireLimits limits;

void exchange_in_memory(benchmark::State& state) {
  SampleExchange exchange;
  for (auto _ : state) benchmark::DoNotOptimize(exchange.run());
}
BENCHMARK(exchange_in_memory);

void find_the_end_of_a_head(benchmark::State& state) {
  const auto request = browser_request();
  http::HeadScanner scanner;
  for (auto _ : state) {
    scanner.reset();
    benchmark::DoNotOptimize(scanner.scan(request, limits));
  }
}
BENCHMARK(find_the_end_of_a_head);

void validate_a_request_head(benchmark::State& state) {
  const auto request = browser_request();
  http::RequestHead head;
  for (auto _ : state) benchmark::DoNotOptimize(http::parse_request_head(request, limits, head));
}
BENCHMARK(validate_a_request_head);

void rewrite_a_request_head(benchmark::State& state) {
  const auto request = browser_request();
  http::RequestHead head;
  http::parse_request_head(request, limits, head);
  std::string out;
  for (auto _ : state) {
    http::write_request_head(head, {.client_text = "10.0.0.7", .peer_text = "10.0.0.7"}, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(rewrite_a_request_head);

void split_by_a_key(benchmark::State& state) {
  const routing::WeightedSplit split(Version::blue, *Weight::from_basis_points(500));
  for (auto _ : state) {
    benchmark::DoNotOptimize(split.choose(routing::key_hash("shop", "Zm9vYmFyYmF6cXV4MTIzNA")));
  }
}
BENCHMARK(split_by_a_key);

void find_the_service_in_a_snapshot(benchmark::State& state) {
  const auto snapshot = snapshot_of_a_hundred();
  for (auto _ : state) benchmark::DoNotOptimize(snapshot.find("shop.example.com", "/"));
}
BENCHMARK(find_the_service_in_a_snapshot);

void arm_a_deadline_again(benchmark::State& state) {
  Instant now{};
  net::DeadlineWheel wheel(now);
  net::Deadline deadline(
      wheel, [](void*) {}, nullptr);
  for (auto _ : state) {
    now += std::chrono::microseconds{10};
    deadline.arm(now + Milliseconds{25'000});
  }
}
BENCHMARK(arm_a_deadline_again);

void record_an_outcome(benchmark::State& state) {
  outcomes::Tally tally;
  const outcomes::Outcome outcome{.status = 200, .latency = std::chrono::microseconds{250}};
  for (auto _ : state) tally.record(outcome, false);
}
BENCHMARK(record_an_outcome);

void keep_a_connection_and_take_it(benchmark::State& state) {
  boost::asio::io_context context{1};
  upstream::Connections connections{1};
  net::Socket socket(context.get_executor());
  socket.open(net::Tcp::v4());
  net::Stream stream(std::move(socket));
  for (auto _ : state) {
    connections.keep(7, std::move(stream), 100, Instant{});
    stream = std::move(connections.take_idle(7, Milliseconds{1'500}, Instant{})->socket);
  }
}
BENCHMARK(keep_a_connection_and_take_it);

}  // namespace
}  // namespace weir::bench

BENCHMARK_MAIN();
