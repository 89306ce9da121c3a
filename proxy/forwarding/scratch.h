#pragma once
#include <string>

#include "forwarding/body_reader.h"
#include "http/head_scanner.h"
#include "http/response_head.h"
#include "http/trace_context.h"
#include "net/receive_buffer.h"

namespace weir::forwarding {

/// What an exchange needs besides its client: borrowed from the worker for its
/// length, so that idle clients hold none of it and busy ones allocate nothing.
struct Scratch {
  net::ReceiveBuffer upstream_input;
  net::ReceiveBuffer upload;  ///< a body on its way to the pool; the head stays where it was read
  http::HeadScanner response_scanner{http::HeadScanner::Kind::response};
  http::ResponseHead response;
  BodyReader response_body;
  std::string request_out;   ///< head to the pool
  std::string response_out;  ///< head to the client
  std::string issued_key;    ///< sticky key made for this client; empty: none
  std::string set_cookie;
  http::RequestId request_id;     ///< made here, for a client that sent none
  http::Traceparent traceparent;  ///< likewise
};

}  // namespace weir::forwarding
