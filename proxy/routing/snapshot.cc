#include "routing/snapshot.h"

namespace weir::routing {

const ServiceRoute* RoutingSnapshot::find(std::string_view host,
                                          std::string_view path) const noexcept {
  const auto position = hosts->find(host, path);
  return position ? services[*position].get() : nullptr;
}

}  // namespace weir::routing
