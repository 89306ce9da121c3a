#pragma once
#include <string_view>

namespace weir::admin {

/// What `weir --version`, the metrics and the API document say; as in CMakeLists.txt.
inline constexpr std::string_view build_version = "0.1.0";

}  // namespace weir::admin
