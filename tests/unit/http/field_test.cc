#include "http/field.h"

#include <gtest/gtest.h>

#include "http/cookie.h"
#include "http/octets.h"

namespace weir::http {
namespace {

TEST(Field, NamesCompareWithoutCase) {
  EXPECT_TRUE(equal_names("", ""));
  EXPECT_TRUE(equal_names("Host", "hOST"));
  EXPECT_FALSE(equal_names("Host", "Hos"));
  EXPECT_FALSE(equal_names("A-B", "A_B"));
  EXPECT_FALSE(equal_names("\x10", "0"));
  EXPECT_FALSE(equal_names("[", "{"));
}

TEST(Field, IsKnownByNameInAnyCase) {
  struct Case {
    std::string_view name;
    KnownField known;
  };
  for (const Case& each : {
           Case{"te", KnownField::te},
           {"VIA", KnownField::via},
           {"Host", KnownField::host},
           {"Connection", KnownField::connection},
           {"Content-Length", KnownField::content_length},
           {"transfer-encoding", KnownField::transfer_encoding},
           {"X-Forwarded-For", KnownField::x_forwarded_for},
           {"X-Forwarded-Host", KnownField::x_forwarded_host},
           {"X-Forwarded-Proto", KnownField::x_forwarded_proto},
           {"X-Forwarded-Client-Cert", KnownField::forwarded_claim},
           {"X-Forwarded-", KnownField::forwarded_claim},
           {"X-Real-IP", KnownField::forwarded_claim},
           {"X-Client-Cert-Verified", KnownField::client_certificate},
           {"x-client-cert", KnownField::client_certificate},
           {"Client-Cert", KnownField::client_certificate},
           {"Client-Cert-Chain", KnownField::client_certificate},
           {"X_Client_Cert_Verified", KnownField::alias},
           {"X-Client.Cert-Subject", KnownField::alias},
           {"X-Client-Certain", KnownField::other},
           {"X-Weir-Version", KnownField::x_weir_version},
           {"X-Weir-Mirrored", KnownField::x_weir_mirrored},
           {"X_Weir_Mirrored", KnownField::alias},
           {"content_length", KnownField::alias},
           {"Transfer.Encoding", KnownField::alias},
           {"x_forwarded_anything-at-all", KnownField::alias},
           {"X-Forwarded-For_", KnownField::alias},
           {"", KnownField::other},
           {"X", KnownField::other},
           {"Hosts", KnownField::other},
           {"Accept", KnownField::other},
           {"Under_score", KnownField::other},
       }) {
    EXPECT_EQ(known_field(each.name), each.known) << each.name;
  }
}

TEST(Field, ValuesAreFoundByName) {
  const std::vector<Field> fields{{"A", "1"}, {"via", "x"}, {"a", "2"}, {"Via", "y"}, {"TE", "z"}};
  EXPECT_EQ(field_value(fields, "a"), "1");
  EXPECT_EQ(field_value(fields, "b"), std::nullopt);
  EXPECT_EQ(single_value(fields, KnownField::te), "z");
  EXPECT_EQ(single_value(fields, KnownField::via), std::nullopt);
  EXPECT_EQ(single_value(fields, KnownField::host), std::nullopt);
}

TEST(Octets, ControlsAreFoundWhereverTheyStand) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      for (const char control : {'\0', '\t', '\n', '\r', '\x1f', '\x7f'}) {
        std::string text(size, static_cast<char>(0x20 + (size * 7 + at) % 0x5f));
        text.insert(at, 1, control).append("\xff\x80\x01");
        EXPECT_EQ(find_control(text, 0), at);
        EXPECT_EQ(find_control(text, at + 1), text.size() - 1);
      }
    }
  }
}

TEST(Octets, EveryOctetIsAControlOrIsNot) {
  for (int octet = 0; octet < 256; ++octet) {
    const std::string text(33, static_cast<char>(octet));
    const bool control = octet < 0x20 || octet == 0x7f;
    EXPECT_EQ(find_control(text, 0), control ? 0U : text.size()) << octet;
    EXPECT_EQ(is(escaped_octet, text[0]), !control || octet == '\t') << octet;
  }
}

TEST(Octets, ATokenEndsWhereItsOctetsDo) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string text(size, static_cast<char>("aZ09-"[size % 5]));
      text.append(1, static_cast<char>(octet)).append("b: some value");
      const auto span = token_span(text);
      EXPECT_EQ(span.size, span_of(token_octet, text)) << text;
      const auto token = std::string_view(text).substr(0, span.size);
      EXPECT_EQ(span.rare, token.find_first_of("!#$%&'*+.^_`|~") != token.npos) << text;
    }
  }
}

TEST(Field, IsKnownAsFarAsItsNameSaysSoByEveryWay) {
  for (std::size_t size = 1; size < 20; ++size) {
    for (const std::string_view known :
         {"te", "via", "host", "cookie", "upgrade", "keep-alive", "traceparent", "content-length",
          "transfer-encoding", "x-forwarded-for", "x-client-cert-chain"}) {
      std::string name(known);
      EXPECT_EQ(known_field(name, false), known_field(name, true)) << name;
      name[size % name.size()] ^= 0x20;  // another case, or another octet
      const auto [length, rare] = token_span(name);
      if (length == name.size() && !rare) {
        EXPECT_EQ(known_field(name, false), known_field(name, true)) << name;
      }
    }
  }
}

TEST(Cookie, LosesOnePairOfQuotes) {
  RequestHead head;
  head.fields = {{"Cookie", R"($Version="1"; a="1";$Path="/"; b=""; c="; d="2; e=3"; f=""4"")"}};
  for (const auto& [name, value] :
       {std::pair{"a", "1"}, {"b", ""}, {"c", "\""}, {"d", "\"2"}, {"e", "3\""}, {"f", "\"4\""}}) {
    EXPECT_EQ(cookie_value(head, name), value) << name;
  }
}

TEST(Cookie, IsFoundOverAllFieldsWhateverTheSpacing) {
  RequestHead head;
  head.fields = {
      {"Cookie", "a=1;b=2 ;  c = 3; d=\"4\"; =5; e; f="}, {"X", "g=6"}, {"cookie", "h=7=8;a=9"}};
  struct Case {
    std::string_view name;
    std::optional<std::string_view> value;
  };
  for (const Case& each : {Case{"a", "1"},
                           {"b", "2"},
                           {"c", "3"},
                           {"d", "4"},
                           {"f", ""},
                           {"h", "7=8"},
                           {"e", std::nullopt},
                           {"A", std::nullopt},
                           {"g", std::nullopt},
                           {"aa", std::nullopt}}) {
    EXPECT_EQ(cookie_value(head, each.name), each.value) << each.name;
  }
}

}  // namespace
}  // namespace weir::http
