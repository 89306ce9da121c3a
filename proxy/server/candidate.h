#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/plan.h"
#include "net/tls_material.h"

namespace weir::server {

/// A configuration that may take over: itself and what its TLS files hold; or why it cannot.
struct Candidate {
  std::shared_ptr<const Plan> plan;
  std::optional<net::TlsFiles> files;
  net::TlsMaterial tls;
  std::vector<std::string> problems;  ///< empty: it may
};

/// Reads a configuration on a thread of `elsewhere`, which steps back behind those that
/// serve: a thousand services take the best part of a second, and the control thread is
/// never to be away for so long.
boost::asio::awaitable<Candidate> read_candidate(boost::asio::thread_pool& elsewhere,
                                                 std::string path,
                                                 std::shared_ptr<net::TicketKeys> keys);

/// Health checks in a second that the intervals of all pools come to, as far as endpoints
/// are counted by what is configured.
double checks_wanted_per_second(const Plan& plan);

}  // namespace weir::server
