#include "forwarding/copy.h"

#include <boost/asio/post.hpp>

#include "net/listener.h"
#include "net/send.h"

namespace weir::forwarding {

outcomes::MirrorTally& mirror_tally(const Routes& routes,
                                    const routing::ServiceRoute& service) noexcept {
  return (*routes.tallies[service.index]->mirror)[service.canary()];
}

Copy::Copy(ForwardingWorker& worker, const routing::ServiceRoute& service, CopiedRequest request,
           Place place)
    : worker_(worker),
      routes_(worker.routes()),
      service_(service),
      version_(service.canary()),
      request_(std::move(request)),
      place_(std::move(place)),
      started_(worker.now()),
      scratch_(worker.take_scratch()),
      deadline_(worker.worker().wheel(), &Copy::deadline_passed, this) {
  worker_.copies().enter(*this);
  deadline_.arm(started_ + service_.plan->mirror.timeout);
}

Copy::~Copy() {
  connection_.reset();
  in_flight_.reset();
  worker_.give_back(std::move(scratch_));
  worker_.copies().leave(*this);
}

void Copy::cut_off() noexcept {
  dropped_ = true;
  end();
}

void Copy::deadline_passed(void* self) { static_cast<Copy*>(self)->end(); }

void Copy::end() noexcept {
  over_ = true;
  net::error_code ignored;
  if (connection_) connection_->socket.close(ignored);
}

/// Copies take part in the pool's bounds and in the choice of its endpoints, but never wait.
bool Copy::enter_pool() {
  endpoint_ = worker_.connections().choose(*service_.pools[version_], 0);
  if (endpoint_ == nullptr) return false;
  auto& load = worker_.load(service_, version_);
  dropped_ = !load.enter(limits().requests_per_pool);
  if (dropped_) return false;
  in_flight_.emplace(load, worker_.connections(), endpoint_->id,
                     upstream::PoolPlace{service_.index, version_});
  return true;
}

net::Task<bool> Copy::connect() {
  if (over_) co_return false;
  connection_ = upstream::Connection{net::Socket(worker_.worker().executor()), false};
  auto& stream = connection_->socket;
  const auto [refused] = co_await stream.socket().async_connect(
      net::endpoint_of(endpoint_->address, endpoint_->port), net::as_result);
  if (refused || over_) co_return false;
  set_options(stream.socket());
  if (!service_.plan->pools[version_].tls) co_return true;
  auto ssl = tls_for(peer());
  if (!ssl) co_return false;
  const auto error = co_await stream.handshake(std::move(ssl));
  conclude_handshake(peer(), stream, error, over_);
  co_return !error;
}

std::optional<http::Fault> Copy::look_at_head() {
  const auto parse = [this](std::string_view head) {
    return http::parse_response_head(head, limits(), request_.method, scratch_->response);
  };
  return scratch_->response_scanner.read(scratch_->upstream_input.bytes(), limits(), parse);
}

net::Task<bool> Copy::receive_head() {
  auto& input = scratch_->upstream_input;
  auto& scanner = scratch_->response_scanner;
  const auto& response = scratch_->response;
  scanner.reset();
  for (std::uint32_t interim = 0;;) {
    const auto fault = look_at_head();
    if (!fault) {
      const auto error = co_await connection_->socket.receive(input);
      if (error) co_return false;
      response_seen_ = true;
      continue;
    }
    if (*fault != http::Fault::none) co_return false;
    if (response.status >= 200) co_return true;
    if (!response.interim() || ++interim > limits().interim_responses) co_return false;
    input.consume(scanner.start() + scanner.head_size());
    scanner.reset();
  }
}

/// Up to the head of the answer.
net::Task<bool> Copy::ask() {
  auto& input = scratch_->upstream_input;
  input.consume(input.size());
  net::Gather rest;
  rest.add(request_.head);
  auto error = net::send_now(connection_->socket, rest);
  if (!error && !rest.empty()) error = co_await net::send_rest(connection_->socket, rest);
  if (error) co_return false;
  co_return co_await receive_head();
}

net::Task<bool> Copy::drop_body() {
  auto& input = scratch_->upstream_input;
  auto& body = scratch_->response_body;
  const auto& response = scratch_->response;
  auto unbounded = limits();
  unbounded.body_bytes = 0;
  body.begin(response.body, response.content_length, unbounded);
  input.consume(scratch_->response_scanner.start() + scratch_->response_scanner.head_size());
  std::uint64_t dropped = 0;
  for (;;) {
    const auto piece = body.read(input);
    if (piece.status == BodyReader::Status::failed) co_return false;
    input.consume(piece.used);
    if (piece.status == BodyReader::Status::done) {
      keep_connection_ = response.keep_alive && input.empty();
      co_return true;
    }
    dropped += piece.used;
    if (dropped > service_.plan->mirror.max_answer) co_return true;
    const auto error = co_await connection_->socket.receive(input);
    if (error == boost::asio::error::eof && body.ends_with_connection()) co_return true;
    if (error) co_return false;
  }
}

/// An idle connection may have been closed at the same moment: the request is safe, so it is
/// sent once more.
net::Task<bool> Copy::converse() {
  connection_ = take_idle(peer());
  bool answered = false;
  if (connection_) answered = co_await ask();
  if (!answered && !response_seen_) {
    connection_.reset();
    if (co_await connect()) answered = co_await ask();
  }
  if (!answered) co_return false;
  co_return co_await drop_body();
}

void Copy::release_connection() {
  if (connection_->socket.tls() != nullptr) remember_session(peer(), connection_->socket);
  if (!keep_connection_) return;
  const auto most = service_.plan->pools[version_].max_idle;
  worker_.connections().keep(endpoint_->id, std::move(connection_->socket), most, worker_.now());
}

void Copy::record(bool answered) noexcept {
  auto& tally = mirror_tally(*routes_, service_);
  if (answered) {
    const auto status = static_cast<std::uint16_t>(scratch_->response.status);
    return tally.compare(request_.original, {status, worker_.now() - started_});
  }
  dropped_ ? tally.count_dropped() : tally.count_failed();
}

net::Task<> send_copy(std::unique_ptr<Copy> copy) {
  // Behind whatever has waited for its turn already: clients come first.
  co_await boost::asio::post(copy->worker_.worker().executor(), net::as_result);
  bool answered = false;
  if (!copy->over_ && copy->enter_pool()) answered = co_await copy->converse();
  copy->record(answered);
  if (answered) copy->release_connection();
}

}  // namespace weir::forwarding
