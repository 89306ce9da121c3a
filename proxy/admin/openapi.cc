#include "admin/openapi.h"

#include <boost/json/array.hpp>
#include <optional>
#include <string>

#include "admin/build_version.h"
#include "admin/routes.h"

namespace weir::admin {
namespace {

namespace json = boost::json;
using rollout::Action;

json::object reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json::object content(std::string_view type, json::object schema) {
  json::object media;
  media[type] = json::object{{"schema", std::move(schema)}};
  return media;
}

json::object parameter(std::string_view place, std::string_view name, std::string_view type,
                       std::string_view description) {
  return {{"name", name},
          {"in", place},
          {"required", place == "path"},
          {"description", description},
          {"schema", {{"type", type}}}};
}

json::array parameters_of(const Route& route) {
  json::array parameters;
  if (route.path.find("{service}") != std::string_view::npos) {
    parameters.push_back(parameter("path", "service", "string", "name in the configuration"));
  }
  if (route.action) {
    parameters.push_back(
        parameter("header", "If-Match", "string", "epoch, in quotes: refuse any other"));
    parameters.push_back(parameter("header", "Idempotency-Key", "string",
                                   "the same key again gets the same answer again"));
  }
  if (route.operation == Operation::stream_events) {
    parameters.push_back(parameter("query", "service", "string", "only events of this one"));
    parameters.push_back(parameter("header", "Last-Event-ID", "integer", "go on after this event"));
  }
  return parameters;
}

json::object body_schema(Action action) {
  json::object properties{{"reason", {{"type", "string"}, {"maxLength", 1024}}}};
  json::object schema{{"type", "object"}, {"additionalProperties", false}};
  if (action == Action::start) properties["revision"] = {{"type", "string"}, {"maxLength", 1024}};
  if (action == Action::promote) properties["full"] = {{"type", "boolean"}};
  if (rollout::can_be_forced(action)) {
    properties["force"] = {{"type", "boolean"},
                           {"description", "in spite of a freeze window or a lack of capacity"}};
  }
  if (action == Action::set_weight) {
    properties["weight"] = {
        {"oneOf", json::array{json::object{{"type", "number"}, {"minimum", 0}, {"maximum", 100}},
                              json::object{{"type", "string"}, {"example", "5%"}}}}};
    schema["required"] = json::array{"weight"};
  }
  schema["properties"] = std::move(properties);
  return schema;
}

std::string_view media_type(const Route& route) {
  if (route.operation == Operation::stream_events) return "text/event-stream";
  return route.answer.empty() ? "text/plain" : "application/json";
}

json::object success(const Route& route) {
  auto schema = route.answer.empty() ? json::object{{"type", "string"}} : reference(route.answer);
  return {{"description", "done"}, {"content", content(media_type(route), std::move(schema))}};
}

void add_problem(json::object& responses, std::string_view status, std::string_view description) {
  responses[status] = {{"description", description},
                       {"content", content("application/problem+json", reference("Problem"))}};
}

json::object responses_of(const Route& route) {
  json::object responses{{"200", success(route)}};
  if (!route.open) add_problem(responses, "401", "no bearer token, or an unknown one");
  if (!route.open) add_problem(responses, "403", "not from this peer, origin or host");
  if (route.path.find("{service}") != std::string_view::npos) {
    add_problem(responses, "404", "no such service");
  }
  if (route.operation == Operation::readiness) {
    responses["503"] = {{"description", "not ready, or draining"}};
  }
  if (route.action) {
    add_problem(responses, "400", "a body or field that cannot be read; see pointer");
    add_problem(responses, "409",
                "not legal in this phase, or something stands against it; see detail");
    add_problem(responses, "412", "If-Match names another epoch");
    add_problem(responses, "413", "the body is too large");
    add_problem(responses, "422", "the key was used for another request");
    add_problem(responses, "503", "the state could not be saved; nothing changed");
  }
  return responses;
}

std::string operation_id(const Route& route) {
  if (route.action) return std::string(rollout::name_of(*route.action));
  std::string id(route.path.substr(1));
  for (char& octet : id) {
    if (octet == '/' || octet == '.' || octet == '{' || octet == '}') octet = '-';
  }
  return "get-" + id;
}

json::object describe(const Route& route) {
  json::object operation{{"operationId", operation_id(route)},
                         {"summary", route.summary},
                         {"parameters", parameters_of(route)},
                         {"responses", responses_of(route)}};
  if (route.open) operation["security"] = json::array{};
  if (route.action) {
    operation["requestBody"] = {
        {"required", *route.action == Action::set_weight},
        {"content", content("application/json", body_schema(*route.action))}};
  }
  return operation;
}

json::object paths() {
  json::object paths;
  for (const auto& route : routes()) {
    const auto method = route.method == Verb::post ? "post" : "get";
    paths[route.path] = json::object{{method, describe(route)}};
  }
  return paths;
}

}  // namespace

json::object openapi_document() {
  json::object scheme{{"type", "http"}, {"scheme", "bearer"}};
  return {{"openapi", "3.0.3"},
          {"info", {{"title", "Weir admin API"}, {"version", build_version}}},
          {"security", json::array{json::object{{"bearer", json::array{}}}}},
          {"paths", paths()},
          {"components",
           {{"schemas", schemas()}, {"securitySchemes", {{"bearer", std::move(scheme)}}}}}};
}

}  // namespace weir::admin
