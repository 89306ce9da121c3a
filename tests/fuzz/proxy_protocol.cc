// A PROXY header: whole only with its last byte, wrong for good, and nothing after it counts.
#include "http/proxy_protocol.h"

#include "require.h"

namespace weir::http {
namespace {

using fuzz::require;
using Progress = ProxyHeader::Progress;

void require_well_formed(const ProxyHeader& read, std::string_view bytes, std::size_t most) {
  const bool complete = read.progress == Progress::complete;
  require((read.progress == Progress::failed) == !read.problem.empty(), "a failure says why");
  require(complete == (read.size > 0), "only a whole header has a size");
  require(read.size <= bytes.size() && read.size <= most,
          "it lies in what was fed, and is bounded");
  require(complete || !read.client, "only a whole header names a client");
  if (read.client) require(IpAddress::parse(read.client->text()) == read.client, "an address");
}

bool same(const ProxyHeader& a, const ProxyHeader& b) {
  return a.progress == b.progress && a.size == b.size && a.client == b.client;
}

void check_prefixes(std::string_view bytes, std::size_t most, const ProxyHeader& whole) {
  bool failed = false;
  fuzz::at_cuts(bytes.size(), 512, [&](std::size_t cut) {
    const ProxyHeader read = read_proxy_header(bytes.substr(0, cut), most);
    require_well_formed(read, bytes.substr(0, cut), most);
    require(!failed || read.progress == Progress::failed, "what is wrong stays wrong");
    failed = read.progress == Progress::failed;
    require(!failed || whole.progress == Progress::failed, "nothing right is refused early");
    if (whole.progress != Progress::complete) return;
    const bool there = cut >= whole.size;
    require(there == (read.progress == Progress::complete), "whole with its last byte, not before");
    require(!there || same(read, whole), "what follows changes nothing");
  });
  require(whole.progress != Progress::need_more || bytes.size() < most, "its length is bounded");
}

}  // namespace
}  // namespace weir::http

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace weir::http;
  const std::string_view bytes = weir::fuzz::text_of(data, size);
  for (const std::size_t most : {4096U, 232U}) {
    const ProxyHeader whole = read_proxy_header(bytes, most);
    require_well_formed(whole, bytes, most);
    check_prefixes(bytes, most, whole);
  }
  return 0;
}
