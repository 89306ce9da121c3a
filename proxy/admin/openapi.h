#pragma once
#include <boost/json/object.hpp>

namespace weir::admin {

/// Data types of the API by name, as OpenAPI 3.0 has them.
boost::json::object schemas();

/// The OpenAPI 3.0.3 document, made of `routes()` and `schemas()`.
boost::json::object openapi_document();

}  // namespace weir::admin
