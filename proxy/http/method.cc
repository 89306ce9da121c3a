#include <array>

#include "http/request_head.h"

namespace weir::http {
namespace {

struct Named {
  std::string_view name;
  Method method;
};

constexpr auto methods = std::to_array<Named>({
    {"GET", Method::get},
    {"POST", Method::post},
    {"HEAD", Method::head},
    {"PUT", Method::put},
    {"DELETE", Method::del},
    {"OPTIONS", Method::options},
    {"PATCH", Method::patch},
    {"TRACE", Method::trace},
    {"CONNECT", Method::connect},
});

}  // namespace

Method method_named(std::string_view text) noexcept {
  for (const Named& each : methods) {
    if (each.name == text) return each.method;
  }
  return Method::other;
}

bool is_safe(Method method) noexcept {
  return method == Method::get || method == Method::head || method == Method::options ||
         method == Method::trace;
}

bool is_idempotent(Method method) noexcept {
  return is_safe(method) || method == Method::put || method == Method::del;
}

}  // namespace weir::http
