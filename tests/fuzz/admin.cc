// A request to the admin API: its head, where it leads, and the JSON of its action.
#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "admin/action_body.h"
#include "admin/head_rules.h"
#include "admin/routes.h"
#include "require.h"

namespace weir::admin {
namespace {

using fuzz::require;
using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using rollout::Action;
using rollout::ActionRequest;

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char octet) { return octet < 0x20; });
}

void check_answer(const Problem& problem) {
  const Response response = make_response(problem);
  const auto body = boost::json::parse(response.body()).as_object();
  require(body.at("status") == static_cast<unsigned>(problem.status), "a problem has a status");
  require(!body.at("detail").as_string().empty(), "and says why");
  require(is_one_line(response.body()), "in one line");
}

/// As a client that means the same would write it.
std::string written(const ActionRequest& request) {
  boost::json::object body;
  if (!request.reason.empty()) body["reason"] = request.reason;
  if (!request.revision.empty()) body["revision"] = request.revision;
  if (request.full) body["full"] = true;
  if (request.action == Action::set_weight) body["weight"] = percent_text(request.weight);
  return boost::json::serialize(body);
}

bool same(const ActionRequest& a, const ActionRequest& b) {
  return a.action == b.action && a.full == b.full && a.weight == b.weight &&
         a.revision == b.revision && a.reason == b.reason && a.key == b.key;
}

void check_request(const ActionRequest& request, Action action) {
  require(request.action == action, "the action is the one of the path");
  require(!request.full || action == Action::promote, "only promote is full");
  require(request.revision.empty() || action == Action::start, "only start has a revision");
  require(request.weight == Weight{} || action == Action::set_weight, "only set-weight a weight");
  for (const auto* text : {&request.reason, &request.revision}) {
    require(text->size() <= longest_text && is_one_line(*text), "texts are short lines");
  }
  const auto again = read_action(action, written(request));
  const auto* second = std::get_if<ActionRequest>(&again);
  require(second != nullptr && same(*second, request), "what is written of it reads back equal");
}

void check_action(Action action, std::string_view body) {
  const auto read = read_action(action, body);
  if (const auto* request = std::get_if<ActionRequest>(&read)) {
    check_request(*request, action);
    return;
  }
  const auto& problem = std::get<Problem>(read);
  require(problem.status == Status::bad_request, "a bad body is a bad request");
  require(problem.more.contains("pointer"), "its place is named");
  check_answer(problem);
}

void check_route(Verb method, std::string_view target) {
  const Destination found = find_route(method, path_of(target));
  require(found.route == nullptr || found.allow.empty(), "a path leads somewhere or does not");
  require(found.service.find('/') == std::string::npos, "a service is one segment");
  const bool acts = found.route != nullptr && found.route->operation == Operation::act;
  require(!acts || method == Verb::post, "only POST acts");
  require(!acts || !found.service.empty(), "on some service");
  const auto value = query_value(target, "service");
  require(!value || value->find('&') == std::string_view::npos, "a value ends with its pair");
}

void check_head(const RequestHead& head) {
  if (const auto problem = head_problem(head)) return check_answer(*problem);
  require(head.count(Field::host) == 1, "one host");
  require(head.count(Field::content_length) + head.count(Field::transfer_encoding) <= 1,
          "one framing");
  const auto epoch = read_if_match(head);
  if (const auto* problem = std::get_if<Problem>(&epoch)) check_answer(*problem);
  const auto key = read_idempotency_key(head);
  if (const auto* problem = std::get_if<Problem>(&key)) {
    check_answer(*problem);
  } else if (const auto& text = std::get<0>(key)) {
    require(!text->empty() && text->size() < 256 && is_one_line(*text), "a key is a short line");
  }
  check_route(head.method(), {head.target().data(), head.target().size()});
}

bool read_head(std::string_view text, Parser& parser) {
  parser.header_limit(8 * 1024);
  parser.body_limit(64 * 1024);
  boost::system::error_code failure;
  parser.put(boost::asio::buffer(text.data(), text.size()), failure);
  return !failure && parser.is_header_done();
}

/// Of the path where one leads there, else every one.
void check_actions(const Destination& found, std::string_view body) {
  if (found.route != nullptr && found.route->action) {
    return check_action(*found.route->action, body);
  }
  for (const Route& route : routes()) {
    if (route.action) check_action(*route.action, body);
  }
}

}  // namespace
}  // namespace weir::admin

/// A head, its empty line, and the body of an action; or only a body.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace weir::admin;
  const std::string_view text = weir::fuzz::text_of(data, size);
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    check_actions({}, text);
    return 0;
  }
  Parser parser;
  Destination found;
  if (read_head(text.substr(0, end + 4), parser)) {
    check_head(parser.get());
    const auto target = parser.get().target();
    found = find_route(parser.get().method(), path_of({target.data(), target.size()}));
  }
  check_actions(found, text.substr(end + 4));
  return 0;
}
