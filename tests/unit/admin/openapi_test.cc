#include "admin/openapi.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "admin/routes.h"

namespace weir::admin {
namespace {

namespace json = boost::json;

std::string_view name_of(Verb method) { return method == Verb::post ? "post" : "get"; }

TEST(OpenApi, DescribesEveryRouteAndNothingElse) {
  const auto document = openapi_document();
  const auto& paths = document.at("paths").as_object();
  EXPECT_EQ(paths.size(), routes().size());
  for (const auto& route : routes()) {
    const auto& operation = paths.at(route.path).at(name_of(route.method)).as_object();
    EXPECT_EQ(operation.at("summary"), json::string(route.summary)) << route.path;
    EXPECT_TRUE(operation.at("responses").as_object().contains("200")) << route.path;
  }
}

TEST(OpenApi, HasWhatTheSpecificationRequires) {
  const auto document = openapi_document();
  EXPECT_EQ(document.at("openapi"), "3.0.3");
  EXPECT_TRUE(document.at("info").as_object().contains("title"));
  EXPECT_TRUE(document.at("info").as_object().contains("version"));
}

TEST(OpenApi, NamesEachOperationOnce) {
  std::set<std::string> ids;
  const auto document = openapi_document();
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      ids.emplace(operation.value().at("operationId").as_string());
    }
  }
  EXPECT_EQ(ids.size(), routes().size());
}

TEST(OpenApi, DeclaresTheParametersOfEachPath) {
  const auto document = openapi_document();
  for (const auto& route : routes()) {
    const auto& parameters =
        document.at("paths").at(route.path).at(name_of(route.method)).at("parameters").as_array();
    bool in_path = false;
    for (const auto& parameter : parameters) in_path |= parameter.at("in") == "path";
    EXPECT_EQ(in_path, route.path.find('{') != std::string_view::npos) << route.path;
  }
}

void expect_resolved(const json::value& node, const json::object& known) {
  if (const auto* list = node.if_array()) {
    for (const auto& element : *list) expect_resolved(element, known);
  }
  const auto* body = node.if_object();
  if (body == nullptr) return;
  for (const auto& member : *body) {
    if (member.key() != "$ref") {
      expect_resolved(member.value(), known);
      continue;
    }
    const std::string path(member.value().as_string());
    EXPECT_TRUE(known.contains(path.substr(path.rfind('/') + 1))) << path;
  }
}

TEST(OpenApi, EveryReferenceLeadsToASchema) { expect_resolved(openapi_document(), schemas()); }

TEST(OpenApi, ProbesAndMetricsNeedNoToken) {
  const auto document = openapi_document();
  for (const auto& route : routes()) {
    const auto& operation =
        document.at("paths").at(route.path).at(name_of(route.method)).as_object();
    EXPECT_EQ(operation.contains("security"), route.open) << route.path;
  }
}

}  // namespace
}  // namespace weir::admin
