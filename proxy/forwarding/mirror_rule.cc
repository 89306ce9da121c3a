#include "forwarding/mirror_rule.h"

namespace weir::forwarding {
namespace {

/// TRACE is safe too, but an answer to it says nothing of the application.
bool is_copied(http::Method method) noexcept {
  return http::is_safe(method) && method != http::Method::trace;
}

bool has_body(const MirrorCandidate& candidate) noexcept {
  return candidate.body == http::Body::chunked || candidate.content_length > 0;
}

}  // namespace

bool may_be_copied(const MirrorCandidate& candidate) noexcept {
  return is_copied(candidate.method) && !has_body(candidate) && !candidate.upgrade &&
         !candidate.preview && candidate.by_stable &&
         candidate.ending == outcomes::Ending::answered && candidate.weight == Weight::none() &&
         candidate.canary != nullptr && candidate.canary->healthy > 0;
}

}  // namespace weir::forwarding
