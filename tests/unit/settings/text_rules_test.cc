#include "settings/text_rules.h"

#include <gtest/gtest.h>

namespace weir::settings {
namespace {

using std::string;

TEST(ServiceName, IsALabel) {
  EXPECT_EQ(parse_service_name("shop-2"), "shop-2");
  EXPECT_TRUE(parse_service_name(string(63, 'a')));
  for (const string& text :
       {string(), string(64, 'a'), string("Shop"), string("a.b"), string("a b"), string("ä")}) {
    EXPECT_FALSE(parse_service_name(text)) << text;
  }
}

TEST(Token, IsAFieldName) {
  EXPECT_EQ(parse_token("X-Key_1!#$"), "X-Key_1!#$");
  EXPECT_EQ(parse_optional_token(""), "");
  for (const auto* text : {"", "a b", "a:b", "a;b", "a=b", "(a)", "a\"", "ä"}) {
    EXPECT_FALSE(parse_token(text)) << text;
  }
  EXPECT_FALSE(parse_token(string(129, 'a')));
}

TEST(PathPrefix, IsWholeSegments) {
  for (const auto* text : {"/", "/shop", "/shop/v2", "/a.b", "/..a", "/%20"}) {
    EXPECT_EQ(parse_path_prefix(text), text);
  }
  for (const auto* text : {"", "shop", "/shop/", "//", "/a//b", "/a?b", "/a#b", "/a b", "/./a",
                           "/a/..", "/a/.", "/\n"}) {
    EXPECT_FALSE(parse_path_prefix(text)) << text;
  }
}

TEST(Url, NamesASchemeAHostAndAPath) {
  const auto read = [](const char* text) {
    const auto url = parse_url(text);
    if (!url) return string("none");
    return string(url->secured ? "tls " : "plain ") + url->at.host + ' ' +
           std::to_string(url->at.port) + ' ' + url->path;
  };
  EXPECT_EQ(read("http://ops"), "plain ops 80 /");
  EXPECT_EQ(read("https://Ops.Example.com/a?b=c/d"), "tls ops.example.com 443 /a?b=c/d");
  EXPECT_EQ(read("http://10.0.0.1:8080?x"), "plain 10.0.0.1 8080 /?x");
  EXPECT_EQ(read("https://[2001:db8::1]:8443/"), "tls 2001:db8::1 8443 /");
  EXPECT_EQ(read("https://[::1]"), "tls ::1 443 /");
  for (const auto* text :
       {"", "ops", "http:/ops", "http://", "http:///a", "ftp://ops", "HTTP://ops", "//ops",
        "http://user@ops", "http://user:word@ops/", "http://ops:0/", "http://ops:x",
        "http://ops:99999", "http://ops/#a", "http://ops/a b", "http://ops\r\nX: y", "http://::1/",
        "http://1.2.3/"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
}

TEST(Target, MayHaveAQuery) {
  EXPECT_EQ(parse_target("/healthz?deep=1"), "/healthz?deep=1");
  for (const auto* text : {"", "healthz", "/a b", "/#"}) EXPECT_FALSE(parse_target(text)) << text;
}

TEST(HostPattern, IsANameMadeLowerCase) {
  EXPECT_EQ(parse_host_pattern("Shop.Example.COM"), "shop.example.com");
  EXPECT_EQ(parse_host_pattern("*.example.com"), "*.example.com");
  EXPECT_EQ(parse_host_pattern("10.0.0.1"), "10.0.0.1");
  for (const auto* text : {"", "*", "*.", "a.*.b", "*a.b", "shop:80", "a..b", ".a", "a.", "-a.b",
                           "a-.b", "a b", "10.0.0.256", "*.10.0.0.1", "[::1]", "a/b"}) {
    EXPECT_FALSE(parse_host_pattern(text)) << text;
  }
  EXPECT_FALSE(parse_host_pattern(string(64, 'a') + ".b"));
}

TEST(HostField, MayHaveAPort) {
  for (const auto* text : {"", "shop", "shop:81", "10.0.0.1", "10.0.0.1:81", "[::1]", "[::1]:81"}) {
    EXPECT_EQ(parse_host_field(text), text);
  }
  for (const auto* text : {"a b", "shop:", "shop:0", "::1", "a:b", "a\r\nb", "[a]"}) {
    EXPECT_FALSE(parse_host_field(text)) << text;
  }
}

TEST(ListenAddress, IsAnAddressAndAPort) {
  EXPECT_EQ(parse_listen_address("0.0.0.0:0")->port, 0);
  EXPECT_EQ(parse_listen_address("[::1]:9901")->address, IpAddress::parse("::1"));
  for (const auto* text : {"", "8080", ":8080", "shop:80", "::1:80", "[1.2.3.4]:80", "1.2.3.4",
                           "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "[::1]", "[]:80"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
  EXPECT_FALSE(parse_listen_address(string("1.2.3.4\0x:80", 12)));
}

TEST(Endpoint, IsANameOrAddressAndAPort) {
  EXPECT_EQ(parse_endpoint("Blue.svc:80"), (EndpointName{"blue.svc", 80}));
  EXPECT_EQ(parse_endpoint("blue_app:8000"), (EndpointName{"blue_app", 8000}));
  EXPECT_EQ(parse_endpoint("10.0.0.1:65535"), (EndpointName{"10.0.0.1", 65'535}));
  EXPECT_EQ(parse_endpoint("[2001:db8::1]:80"), (EndpointName{"2001:db8::1", 80}));
  for (const auto* text : {"", "foo", "foo:0", "foo:65536", ":80", "foo:http", "http://foo:80",
                           "10.0.0.256:80", "[foo]:80", "2001:db8::1:80", "a b:80", "1:80"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

TEST(Block, IsAnAddressAndItsBits) {
  EXPECT_EQ(parse_block("10.0.0.0/8"), Cidr::parse("10.0.0.0/8"));
  EXPECT_TRUE(parse_block("::1"));
  for (const auto* text : {"", "10.0.0.0/33", "10.0.0.0/4294967295", "x/8", "10.0.0.0/"}) {
    EXPECT_FALSE(parse_block(text)) << text;
  }
}

TEST(FreeText, HasNoControlCharacters) {
  EXPECT_EQ(parse_short_text("grün"), "grün");
  EXPECT_EQ(parse_file_name(""), "");
  EXPECT_FALSE(parse_short_text("a\nb"));
  EXPECT_FALSE(parse_file_name(string("a\0b", 3)));
  EXPECT_FALSE(parse_short_text(string(256, 'a')));
  EXPECT_FALSE(parse_file_name(string(4'096, 'a')));
}

}  // namespace
}  // namespace weir::settings
