#pragma once
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/detail/socket_option.hpp>

namespace weir::net {

/// How much of what was written the kernel holds that the peer has no room for yet: enough for
/// a fast peer, where the kernel's own bound is megabytes for each that reads slowly.
/// Set on a listener, connections inherit it.
using UnsentBound = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
inline constexpr int most_unsent_bytes = 128 * 1024;

}  // namespace weir::net
