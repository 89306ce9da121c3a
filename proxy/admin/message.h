#pragma once
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace weir::admin {

using Status = boost::beast::http::status;
using Verb = boost::beast::http::verb;
using Field = boost::beast::http::field;
using RequestHead = boost::beast::http::request_header<>;
using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

/// Everything the API answers may change at any moment: never cached.
Response make_response(Status status, std::string_view content_type, std::string body);
Response make_response(Status status, const boost::json::value& body);

/// Why a request was not carried out, as RFC 9457 has it.
struct Problem {
  Status status = Status::bad_request;
  std::string detail;          ///< for people
  boost::json::object more{};  ///< further members: "pointer" (RFC 6901), "phase", "epoch"
};

/// `application/problem+json`; a 401 carries its challenge (RFC 6750 §3).
Response make_response(const Problem& problem);

/// The value of the one field of that name; `nullopt` where there is none or more than one.
std::optional<std::string_view> single_value(const RequestHead& head, std::string_view name);

/// Without query.
std::string_view path_of(std::string_view target) noexcept;
/// The first `name=value` of the query, as it stands; `nullopt` where there is none.
std::optional<std::string_view> query_value(std::string_view target, std::string_view name);

}  // namespace weir::admin
