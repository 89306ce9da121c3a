#pragma once
#include "forwarding/body_reader.h"
#include "http/head_scanner.h"
#include "http/request_head.h"
#include "net/receive_buffer.h"

namespace weir::forwarding {

/// What a request is read into: lent to a client from its first byte to the end of its
/// answer, so that idle clients hold none of it and busy ones allocate nothing.
struct Intake {
  net::ReceiveBuffer input;
  http::HeadScanner scanner;
  http::RequestHead head;
  BodyReader body;
};

}  // namespace weir::forwarding
