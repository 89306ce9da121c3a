#pragma once
#include "http/request_head.h"
#include "model/endpoint.h"
#include "model/weight.h"
#include "outcomes/outcome.h"

namespace weir::forwarding {

/// What decides whether a request that has ended may be sent to canary as well.
struct MirrorCandidate {
  http::Method method = http::Method::get;
  http::Body body = http::Body::none;
  std::uint64_t content_length = 0;
  bool upgrade = false;  ///< it asked for another protocol
  bool preview = false;
  bool by_stable = true;  ///< stable answered it, and is stable still
  outcomes::Ending ending = outcomes::Ending::answered;
  Weight weight;                     ///< canary's, now
  const PoolView* canary = nullptr;  ///< canary's pool, now
};

/// A GET, HEAD or OPTIONS without a body that stable answered whole, while canary has no
/// traffic of its own and an endpoint that is usable. In a rollout or before one.
bool may_be_copied(const MirrorCandidate& candidate) noexcept;

}  // namespace weir::forwarding
