#pragma once
#include <memory>
#include <string>

#include "http/head_scanner.h"
#include "http/head_writer.h"
#include "http/request_head.h"
#include "http/response_head.h"
#include "outcomes/tally.h"
#include "routing/snapshot.h"

namespace weir::bench {

/// What a browser sends: twelve fields, 778 bytes. The figure checked in belongs to it.
std::string browser_request();
/// What nginx answers it with, its head.
std::string origin_response();
/// A hundred services, of which the request reaches one; its cookie is the key.
routing::RoutingSnapshot snapshot_of_a_hundred();

/// One exchange in memory: all that Weir does to one but system calls, Asio and coroutines.
class SampleExchange {
 public:
  SampleExchange();
  /// The bytes that would be sent on, so that nothing can be left out.
  std::size_t run();

 private:
  void read_request();
  void choose();
  void write_request();
  void read_response();
  void write_response();

  const std::string request_in_, response_in_;
  const routing::RoutingSnapshot snapshot_;
  const WireLimits limits_;
  const IpAddress peer_;
  http::RequestHead request_;
  http::ResponseHead response_;
  const routing::ServiceRoute* service_ = nullptr;
  Version version_ = Version::blue;
  std::string request_out_, response_out_;
  PerVersion<outcomes::Tally> tallies_;
};

}  // namespace weir::bench
