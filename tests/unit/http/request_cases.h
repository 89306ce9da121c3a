#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/request_head.h"

namespace weir::http::tests {

/// A request head and what must be made of it.
struct RequestCase {
  std::string head;
  Fault fault = Fault::none;
  Body body = Body::none;
};

/// Bytes that may hold NULs, from a literal.
template <std::size_t Size>
std::string bytes(const char (&literal)[Size]) {
  return {literal, Size - 1};
}

const std::vector<RequestCase>& request_cases();

}  // namespace weir::http::tests
