#include "admin/message.h"

#include <boost/json/serialize.hpp>
#include <iterator>

namespace weir::admin {

Response make_response(Status status, std::string_view content_type, std::string body) {
  Response response(status, 11);
  response.set(Field::content_type, content_type);
  response.set(Field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

Response make_response(Status status, const boost::json::value& body) {
  return make_response(status, "application/json", boost::json::serialize(body));
}

Response make_response(const Problem& problem) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", boost::beast::http::obsolete_reason(problem.status)},
                           {"status", static_cast<unsigned>(problem.status)},
                           {"detail", problem.detail}};
  for (const auto& member : problem.more) body.insert(member);
  auto response =
      make_response(problem.status, "application/problem+json", boost::json::serialize(body));
  if (problem.status == Status::unauthorized) {
    response.set(Field::www_authenticate, "Bearer realm=\"weir\"");
  }
  return response;
}

std::optional<std::string_view> single_value(const RequestHead& head, std::string_view name) {
  const auto [first, last] = head.equal_range({name.data(), name.size()});
  if (std::distance(first, last) != 1) return std::nullopt;
  return std::string_view(first->value().data(), first->value().size());
}

std::string_view path_of(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

std::optional<std::string_view> query_value(std::string_view target, std::string_view name) {
  target.remove_prefix(path_of(target).size());
  while (!target.empty()) {
    target.remove_prefix(1);  // '?' or '&'
    const auto pair = target.substr(0, target.find('&'));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return pair.substr(equals + 1);
    }
    target.remove_prefix(pair.size());
  }
  return std::nullopt;
}

}  // namespace weir::admin
