#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "admin/access.h"
#include "admin/message.h"
#include "admin/metrics_page.h"
#include "admin/replay_log.h"
#include "admin/routes.h"
#include "model/ip_address.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// Whether clients may be sent here: false before the first pool check and while draining.
using Health = std::function<bool()>;

/// What a head alone decides: who asks for what, or why not.
struct Admission {
  const Route* route = nullptr;
  std::string service;
  std::string who;
  std::optional<Response> refusal;  ///< the answer, where there is nothing more to ask
};

/// Turns requests into answers; knows no sockets. Control thread only.
class Api {
 public:
  Api(rollout_loop::RolloutLoop& loop, Access& access, const MetricsPage& page, Health ready);

  /// 401, 403, 404 of a path and 405 are decided here, before a body is read; 401 and
  /// 403 are written to the audit log.
  Admission admit(const RequestHead& head, const IpAddress& peer, Instant now);
  /// For a port that has /readyz and /healthz and nothing else: 404.
  static Admission admit_probe(const RequestHead& head);
  /// Everything but the event stream. `admission`: without refusal.
  boost::asio::awaitable<Response> answer(Request request, Admission admission);

  std::uint64_t requests_refused() const noexcept { return requests_refused_; }

 private:
  Response list_services() const;
  boost::asio::awaitable<Response> show_metrics() const;
  Response show_rollout(const std::string& service) const;
  Response show_history(const std::string& service) const;
  boost::asio::awaitable<Response> act(Request request, Admission admission);
  boost::asio::awaitable<Response> act_once(ReplayLog::Entry entry, rollout::ActionRequest action,
                                            std::optional<std::uint64_t> if_epoch,
                                            Admission admission);
  boost::asio::awaitable<Response> carry_out(rollout::ActionRequest action,
                                             std::optional<std::uint64_t> if_epoch,
                                             Admission admission);
  Admission refuse(const RequestHead& head, const std::string& who, Admission admission,
                   const Problem& problem);

  rollout_loop::RolloutLoop& loop_;
  Access& access_;
  const MetricsPage& page_;
  const Health ready_;
  const std::string document_;
  ReplayLog replays_;
  std::uint64_t requests_refused_ = 0;
};

}  // namespace weir::admin
