#include "sample_exchange.h"

#include <fstream>
#include <stdexcept>

#include "http/client_address.h"
#include "http/cookie.h"
#include "routing/split.h"

namespace weir::bench {
namespace {

constexpr std::string_view key_cookie = "weir_key";

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

}  // namespace

std::string browser_request() {
  std::ifstream file(BROWSER_FIELDS);
  require(file.is_open(), "the browser's fields cannot be read: " BROWSER_FIELDS);
  std::string request = "GET / HTTP/1.1\r\n";
  for (std::string field; std::getline(file, field);) request += field + "\r\n";
  return request + "\r\n";
}

std::string origin_response() {
  return "HTTP/1.1 200 OK\r\n"
         "Server: nginx/1.22.1\r\n"
         "Date: Thu, 26 Nov 2026 14:00:00 GMT\r\n"
         "Content-Type: text/plain\r\n"
         "Content-Length: 1024\r\n"
         "Connection: keep-alive\r\n\r\n";
}

routing::RoutingSnapshot snapshot_of_a_hundred() {
  auto plan = std::make_shared<Plan>();
  routing::RoutingSnapshot snapshot;
  for (std::size_t i = 0; i < 100; ++i) {
    auto service = std::make_shared<ServicePlan>();
    service->name = "service-" + std::to_string(i);
    const auto host = i == 57 ? "shop.example.com" : service->name + ".example.com";
    service->match.hosts = {host};
    service->key.name = std::string(key_cookie);
    plan->services.push_back(*service);
    auto route = std::make_shared<routing::ServiceRoute>();
    route->index = i;
    route->plan = service;
    snapshot.services.push_back(route);
  }
  snapshot.hosts = std::make_shared<routing::HostIndex>(plan->services);
  snapshot.plan = std::move(plan);
  return snapshot;
}

SampleExchange::SampleExchange()
    : request_in_(browser_request()),
      response_in_(origin_response()),
      snapshot_(snapshot_of_a_hundred()),
      peer_(*IpAddress::parse("10.0.0.7")) {}

std::size_t SampleExchange::run() {
  read_request();
  choose();
  write_request();
  read_response();
  write_response();
  tallies_[version_].record({.status = static_cast<std::uint16_t>(response_.status),
                             .latency = std::chrono::microseconds{250}},
                            false);
  return request_out_.size() + response_out_.size();
}

void SampleExchange::read_request() {
  const auto size = http::whole_head(request_in_);
  require(size == request_in_.size(), "the request's end was not found");
  const auto fault = http::parse_request_head(request_in_, limits_, request_);
  require(fault == http::Fault::none, "the request was refused");
}

void SampleExchange::choose() {
  service_ = snapshot_.find(request_.host, request_.path);
  require(service_ != nullptr, "no service takes the request");
  const auto key = http::cookie_value(request_, key_cookie);
  require(key.has_value(), "the request's key was not found");
  version_ = service_->split().choose(routing::key_hash(service_->salt(), *key));
}

void SampleExchange::write_request() {
  const auto client = http::resolve_client(request_, peer_, snapshot_.plan->forwarded);
  const auto id = http::format_request_id(1, 2);
  const auto trace = http::format_traceparent(1, 2, 3, false);
  http::write_request_head(request_,
                           {.client_text = "10.0.0.7",
                            .peer_text = "10.0.0.7",
                            .peer_trusted = client.peer_trusted,
                            .request_id = id.view(),
                            .traceparent = trace.view()},
                           request_out_);
}

void SampleExchange::read_response() {
  const auto size = http::whole_head(response_in_);
  require(size == response_in_.size(), "the answer's end was not found");
  const auto fault = http::parse_response_head(response_in_, limits_, request_.method, response_);
  require(fault == http::Fault::none, "the answer was refused");
}

void SampleExchange::write_response() {
  const auto framing = http::outgoing_framing(response_.body, request_.minor == 0);
  http::write_response_head(response_, framing, {}, response_out_);
}

}  // namespace weir::bench
