#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/http_target.h"
#include "model/instant.h"

namespace weir {

/// Somebody who is told of transitions.
struct WebhookPlan {
  enum class Format : std::uint8_t { json, slack };

  std::string name;  ///< for logs and metrics: [a-z0-9-]{1,63}
  HttpTarget target;
  Format format = Format::json;
  std::vector<std::string> kinds{};  ///< of transitions; empty: all
  Milliseconds deadline{5'000};      ///< of one try
  Milliseconds give_up_after{3'600'000};
};

struct NotificationPlan {
  std::uint32_t queue = 256;  ///< waiting at most, over all webhooks; the oldest is dropped
  std::vector<WebhookPlan> webhooks{};
};

}  // namespace weir
