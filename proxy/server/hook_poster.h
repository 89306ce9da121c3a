#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>

#include "net/tls_material.h"
#include "rollout_loop/poster.h"

namespace weir::server {

/// Sends what the rollout loop has to say: signs it where there is a secret, over TLS where the
/// target asks for it. Control thread only.
class HookPoster : public rollout_loop::Poster {
 public:
  explicit HookPoster(boost::asio::io_context& control) : control_(control) {}

  /// Whom to believe from now on.
  void trust(std::shared_ptr<const net::HookTls> tls) { tls_ = std::move(tls); }
  boost::asio::awaitable<rollout_loop::HttpReply> post(rollout_loop::HttpPost post) override;

 private:
  boost::asio::io_context& control_;
  std::shared_ptr<const net::HookTls> tls_;
};

}  // namespace weir::server
