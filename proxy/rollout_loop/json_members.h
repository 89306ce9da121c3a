#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace weir::rollout_loop {

/// Members of what an older or newer Weir may have written: one that is missing is empty, 0 or
/// false; one of another type throws `std::exception`.
inline std::string_view text_in(const boost::json::object& body, std::string_view name) {
  const auto* found = body.if_contains(name);
  if (found == nullptr) return {};
  const auto& text = found->as_string();
  return {text.data(), text.size()};
}

template <class Number>
Number number_in(const boost::json::object& body, std::string_view name) {
  const auto* found = body.if_contains(name);
  return found == nullptr ? Number{} : found->to_number<Number>();
}

inline bool flag_in(const boost::json::object& body, std::string_view name) {
  const auto* found = body.if_contains(name);
  return found != nullptr && found->as_bool();
}

inline const boost::json::array& list_in(const boost::json::object& body, std::string_view name) {
  static const boost::json::array none;
  const auto* found = body.if_contains(name);
  return found == nullptr ? none : found->as_array();
}

inline const boost::json::object& object_in(const boost::json::object& body,
                                            std::string_view name) {
  static const boost::json::object none;
  const auto* found = body.if_contains(name);
  return found == nullptr ? none : found->as_object();
}

}  // namespace weir::rollout_loop
