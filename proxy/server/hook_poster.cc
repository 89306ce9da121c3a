#include "server/hook_poster.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>

#include "admin/build_version.h"
#include "net/clock.h"
#include "net/secret_file.h"
#include "rollout_loop/signature.h"
#include "upstream/http_call.h"

namespace weir::server {
namespace {

std::string field(std::string_view name, std::string_view value) {
  return std::string(name).append(": ").append(value).append("\r\n");
}

std::string fields_of(const rollout_loop::HttpPost& post) {
  return field("User-Agent", "weir/" + std::string(admin::build_version)) +
         field("Content-Type", "application/json") + field("Accept", "application/json") +
         field("Idempotency-Key", post.id);
}

std::string signature_field(const std::string& secret, const std::string& body) {
  constexpr std::int64_t ms_per_second = 1'000;
  return field("X-Weir-Signature",
               rollout_loop::signature_of(secret, net::unix_ms() / ms_per_second, body));
}

}  // namespace

boost::asio::awaitable<rollout_loop::HttpReply> HookPoster::post(rollout_loop::HttpPost post) {
  upstream::HttpCall call{post.target, nullptr, fields_of(post), post.body, post.limit};
  if (!post.target.secret_file.empty()) {
    const auto secret = net::read_secret(post.target.secret_file);
    if (!secret.problem.empty()) co_return rollout_loop::HttpReply{0, {}, secret.problem};
    call.fields += signature_field(secret.value, post.body);
  }
  if (post.target.secured && tls_) {
    const auto client = tls_->find(post.target.ca_file);
    if (client != tls_->end()) call.tls = client->second;
  }
  auto outcome = co_await boost::asio::co_spawn(control_, upstream::post(std::move(call)),
                                                boost::asio::use_awaitable);
  co_return rollout_loop::HttpReply{outcome.status, std::move(outcome.body),
                                    std::move(outcome.failure)};
}

}  // namespace weir::server
