#include "net/certificate_names.h"

#include <algorithm>

#include "net/openssl_handles.h"

namespace weir::net {
namespace {

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lowered;
}

}  // namespace

std::vector<std::string> dns_names(const X509* certificate) {
  std::vector<std::string> names;
  const GeneralNamesPtr found(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; found && i < sk_GENERAL_NAME_num(found.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(found.get(), i);
    if (name->type != GEN_DNS) continue;
    const auto* text = name->d.dNSName;
    names.push_back(lower({reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                           static_cast<std::size_t>(ASN1_STRING_length(text))}));
  }
  return names;
}

void CertificateNames::add(const std::vector<std::string>& names, std::size_t certificate) {
  for (const auto& name : names) {
    if (name.starts_with("*.")) {
      wildcard_.emplace(name.substr(1), certificate);
    } else {
      exact_.emplace(name, certificate);
    }
  }
}

std::optional<std::size_t> CertificateNames::find(std::string_view server_name) const {
  auto name = lower(server_name);
  if (name.ends_with('.')) name.pop_back();
  if (const auto found = exact_.find(name); found != exact_.end()) return found->second;
  const auto dot = name.find('.');
  if (dot == std::string::npos || dot == 0) return std::nullopt;
  const auto found = wildcard_.find(name.substr(dot));
  return found == wildcard_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace weir::net
