#include "http/error_body.h"

#include <array>
#include <utility>

namespace weir::http {
namespace {

constexpr auto phrases = std::to_array<std::pair<int, std::string_view>>({
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
});

void append_escaped(std::string_view text, std::string& out) {
  for (const char octet : text) {
    if (octet == '"' || octet == '\\') out.push_back('\\');
    const bool control = static_cast<unsigned char>(octet) < 0x20;
    out.push_back(control ? ' ' : octet);
  }
}

std::string json_body(int status, std::string_view reason_text, std::string_view request_id) {
  std::string body = "{\"status\":" + std::to_string(status) + ",\"error\":\"";
  body.append(reason_phrase(status)).append("\",\"message\":\"");
  append_escaped(reason_text, body);
  body.append("\",\"request_id\":\"");
  append_escaped(request_id, body);
  return body.append("\"}\n");
}

std::string text_body(int status, std::string_view reason_text, std::string_view request_id) {
  std::string body = std::to_string(status) + " ";
  body.append(reason_phrase(status)).append("\n").append(reason_text).append("\n");
  if (!request_id.empty()) body.append("Request: ").append(request_id).append("\n");
  return body;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  for (const auto& [known, phrase] : phrases) {
    if (known == status) return phrase;
  }
  return "Unknown";
}

void write_error_response(int status, std::string_view reason_text, std::string_view request_id,
                          bool close, bool json, bool head_method, std::string& out) {
  const std::string body = json ? json_body(status, reason_text, request_id)
                                : text_body(status, reason_text, request_id);
  out.assign("HTTP/1.1 ").append(std::to_string(status)).append(" ");
  out.append(reason_phrase(status)).append("\r\nContent-Type: ");
  out.append(json ? "application/json" : "text/plain; charset=utf-8");
  out.append("\r\nContent-Length: ").append(std::to_string(body.size()));
  out.append("\r\nCache-Control: no-store\r\n");
  if (!request_id.empty()) out.append("X-Request-Id: ").append(request_id).append("\r\n");
  if (status == 503) out.append("Retry-After: 1\r\n");
  if (close) out.append("Connection: close\r\n");
  out.append("\r\n");
  if (!head_method) out.append(body);
}

}  // namespace weir::http
