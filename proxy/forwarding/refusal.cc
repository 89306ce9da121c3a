#include "forwarding/refusal.h"

namespace weir::forwarding {
namespace {

struct Row {
  int status;
  std::string_view name, explanation;
};

constexpr std::array<Row, refusal_count> rows{{
    {404, "no_service", "no service takes this host and path"},
    {408, "head_timeout", "the request head did not arrive in time"},
    {503, "pool_down", "no endpoint can take the request"},
    {503, "pool_full", "too many requests are in flight"},
    {502, "connect_failed", "the application could not be reached"},
    {502, "upstream_reset", "the application closed the connection before it answered"},
    {502, "upstream_invalid", "the application's answer was not valid HTTP"},
    {504, "upstream_timeout", "the application did not answer in time"},
    {503, "too_many_clients", "too many connections are open"},
    {503, "too_many_tunnels", "too many upgraded connections are open"},
    {503, "too_many_of_client", "too many connections from this address are open"},
    {503, "out_of_memory", "the proxy is short of memory"},
    {0, "untrusted_balancer", "closed"},
    {0, "bad_proxy_header", "closed"},
    {0, "proxy_header_timeout", "closed"},
    {400, "no_host", "the request names no host to be redirected to"},
    {0, "slow_reader", "closed"},
}};

const Row& row(Refusal refusal) noexcept { return rows[static_cast<std::size_t>(refusal)]; }

}  // namespace

int status_of(Refusal refusal) noexcept { return row(refusal).status; }
std::string_view name_of(Refusal refusal) noexcept { return row(refusal).name; }
std::string_view explain(Refusal refusal) noexcept { return row(refusal).explanation; }

}  // namespace weir::forwarding
