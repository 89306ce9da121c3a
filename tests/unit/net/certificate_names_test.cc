#include "net/certificate_names.h"

#include <gtest/gtest.h>

namespace weir::net {
namespace {

TEST(CertificateNames, AreFoundExactlyOrByOneLabel) {
  CertificateNames names;
  names.add({"a.test", "*.a.test"}, 0);
  names.add({"x.a.test", "*.b.test", "a.test"}, 1);
  using Found = std::optional<std::size_t>;
  for (const auto& [name, found] :
       std::vector<std::pair<std::string, Found>>{{"a.test", 0},
                                                  {"A.TEST.", 0},
                                                  {"y.a.test", 0},
                                                  {"x.a.test", 1},
                                                  {"x.y.a.test", std::nullopt},
                                                  {"b.test", std::nullopt},
                                                  {"Z.b.test", 1},
                                                  {".b.test", std::nullopt},
                                                  {"test", std::nullopt},
                                                  {"", std::nullopt},
                                                  {".", std::nullopt}}) {
    EXPECT_EQ(names.find(name), found) << name;
  }
}

}  // namespace
}  // namespace weir::net
