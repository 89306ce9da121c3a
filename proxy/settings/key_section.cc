#include "settings/key_section.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <vector>

#include "settings/characters.h"
#include "settings/text_rules.h"

namespace weir::settings {
namespace {

/// Whatever the case.
bool begins_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char a, char b) { return lowered(a) == lowered(b); });
}

/// Browsers drop a cookie that breaks these rules (RFC 6265bis §5.7).
void refuse_dropped_cookie(const Section& section, const StickyKey& key) {
  if (key.secure == StickyKey::Secure::always) return;
  if (begins_with(key.name, "__Host-") || begins_with(key.name, "__Secure-")) {
    section.report("cookie", in_quotes(key.name) +
                                 " is a name for secure cookies; allowed: with secure: always");
  }
  if (key.same_site == StickyKey::SameSite::none) {
    section.report("same_site", "is none; allowed: lax, strict, or with secure: always");
  }
}

void refuse_idle_secret(const Section& section, const StickyKey& key) {
  if (key.previous_secret_file.empty()) return;
  if (key.secret_file.empty()) {
    section.report("previous_secret_file", "has no effect; allowed: beside secret_file");
  } else if (key.previous_secret_file == key.secret_file) {
    section.report("previous_secret_file", "is secret_file itself; allowed: another file");
  }
}

/// Of a cookie that Weir sets.
constexpr std::array<std::string_view, 5> of_own_cookie{"lifetime", "secure", "same_site",
                                                        "secret_file", "previous_secret_file"};

void read_own_cookie(const Section& section, StickyKey& key) {
  section.read("lifetime", key.lifetime);
  section.read_choice("secure", key.secure);
  section.read_choice("same_site", key.same_site);
  section.read_text("secret_file", key.secret_file, &parse_file_name);
  section.read_text("previous_secret_file", key.previous_secret_file, &parse_file_name);
  if (!section.sound()) return;
  if (key.issue) {
    refuse_dropped_cookie(section, key);
    return refuse_idle_secret(section, key);
  }
  for (const auto name : of_own_cookie) {
    if (!section.has(name) || name == "lifetime") continue;
    section.report(name, "has no effect where no cookie is set; allowed: with issue: true");
  }
}

/// "header: X" or "client_address: true"; such a flag has no other value.
void read_other_source(const Section& section, StickyKey& key) {
  if (section.has("header")) {
    key.source = StickyKey::Source::header;
    section.read_text("header", key.name, &parse_token);
    return;
  }
  const bool by_address = section.has("client_address");
  key.source = by_address ? StickyKey::Source::client_address : StickyKey::Source::none;
  key.name.clear();
  const std::string_view flag = by_address ? "client_address" : "none";
  bool chosen = true;
  if (section.read(flag, chosen) && !chosen) {
    section.report(flag, "is false; allowed: true, or leave it out");
  }
}

void refuse_without_cookie(const Section& section, std::string_view name) {
  if (!section.has(name)) return;
  section.report(name, "has no effect without a cookie; allowed: with key.cookie only");
}

}  // namespace

void read_key(const Section& section, StickyKey& key) {
  constexpr std::array<std::string_view, 4> sources{"cookie", "header", "client_address", "none"};
  std::vector<std::string_view> given;
  std::copy_if(sources.begin(), sources.end(), std::back_inserter(given),
               [&](std::string_view source) { return section.has(source); });
  if (given.size() > 1) {
    return section.report(given[1], "is a second source beside " + in_quotes(given[0]) +
                                        "; allowed: one of cookie, header, client_address, none");
  }
  section.read_text("cookie", key.name, &parse_token);
  section.read("issue", key.issue);
  if (given.empty() || given[0] == "cookie") return read_own_cookie(section, key);
  for (const auto name : of_own_cookie) refuse_without_cookie(section, name);
  refuse_without_cookie(section, "issue");
  read_other_source(section, key);
}

}  // namespace weir::settings
