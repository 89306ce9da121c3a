#include "http/proxy_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace weir::http {
namespace {

using Progress = ProxyHeader::Progress;

constexpr std::string_view text_start = "PROXY ";
constexpr std::string_view binary_start("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t longest_text = 107;  // CRLF included
constexpr std::size_t binary_fixed = 16;

ProxyHeader failed(std::string_view problem) { return {Progress::failed, 0, {}, problem}; }
ProxyHeader complete(std::size_t size, std::optional<IpAddress> client) {
  return {Progress::complete, size, client, {}};
}

/// Whether `bytes` begin as `start` does, as far as they go.
bool may_begin(std::string_view bytes, std::string_view start) {
  const auto shared = std::min(bytes.size(), start.size());
  return bytes.substr(0, shared) == start.substr(0, shared);
}

bool is_port(std::string_view text) {
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  const bool plain = text.size() == 1 || !text.starts_with('0');
  return whole && plain && port <= 65'535;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

/// `line`: after "PROXY ", without its CRLF. `size`: of the whole header.
ProxyHeader read_line(std::string_view line, std::size_t size) {
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return complete(size, std::nullopt);
  const auto words = words_of(line);
  if (words.size() != 5) return failed("not the five words of a version 1 header");
  const bool v4 = words[0] == "TCP4";
  if (!v4 && words[0] != "TCP6") return failed("neither TCP4 nor TCP6 nor UNKNOWN");
  const auto source = IpAddress::parse(words[1]), target = IpAddress::parse(words[2]);
  const auto fits = [v4](std::string_view text) {
    return (text.find(':') == std::string_view::npos) == v4;
  };
  if (!source || !target || !fits(words[1]) || !fits(words[2])) {
    return failed("an address is none of its family");
  }
  if (!is_port(words[3]) || !is_port(words[4])) return failed("a port is none");
  return complete(size, source);
}

ProxyHeader read_text(std::string_view bytes, std::size_t most_bytes) {
  const auto most = std::min(most_bytes, longest_text);
  const auto end = bytes.substr(0, most).find('\n');
  if (end == std::string_view::npos) {
    const auto body = bytes.substr(std::min(bytes.size(), text_start.size()));
    const auto cr = body.find('\r');
    if (cr != std::string_view::npos && cr + 1 < body.size()) return failed("a CR without its LF");
    return bytes.size() >= most ? failed("the line is too long") : ProxyHeader{};
  }
  if (bytes[end - 1] != '\r') return failed("an LF without its CR");
  const auto line = bytes.substr(text_start.size(), end - 1 - text_start.size());
  if (line.find('\r') != std::string_view::npos) return failed("a CR without its LF");
  return read_line(line, end + 1);
}

std::uint8_t octet(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t word16(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(octet(bytes, at) << 8 | octet(bytes, at + 1));
}

/// CRC-32C (Castagnoli), as the TLV 0x03 has it, bit by bit: one short header per connection.
/// The four octets at `skip` count as zero.
std::uint32_t crc32c(std::string_view bytes, std::size_t skip) {
  std::uint32_t crc = ~0U;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    crc ^= i >= skip && i < skip + 4 ? 0U : octet(bytes, i);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0x82f63b78U & (0U - (crc & 1U)));
  }
  return ~crc;
}

/// Empty where `header`'s TLVs from `at` on are in order.
std::string_view problem_of_tlvs(std::string_view header, std::size_t at) {
  constexpr std::uint8_t checksum_type = 0x03;
  while (at < header.size()) {
    if (header.size() - at < 3) return "a TLV is cut off";
    const auto type = octet(header, at);
    const auto length = word16(header, at + 1);
    at += 3;
    if (header.size() - at < length) return "a TLV is cut off";
    if (type == checksum_type) {
      if (length != 4) return "the checksum is not of four octets";
      const auto sent =
          static_cast<std::uint32_t>(word16(header, at) << 16 | word16(header, at + 2));
      if (sent != crc32c(header, at)) return "the checksum is wrong";
    }
    at += length;
  }
  return {};
}

IpAddress address_at(std::string_view header, std::size_t at, bool v4) {
  IpAddress address;
  if (v4) address.bytes[10] = address.bytes[11] = 0xff;
  for (std::size_t i = v4 ? 12 : 0; i < 16; ++i) address.bytes[i] = octet(header, at++);
  return address;
}

/// A whole header of version 2.
ProxyHeader read_binary_whole(std::string_view header) {
  enum Family : std::uint8_t { unspecified = 0, inet = 1, inet6 = 2, local_socket = 3 };
  constexpr std::array<std::size_t, 4> address_bytes{0, 12, 36, 216};
  const auto command = octet(header, 12) & 0xf;
  const auto family = octet(header, 13) >> 4, transport = octet(header, 13) & 0xf;
  // LOCAL: the receiver takes no notice of the family and its addresses.
  if (command == 0) return complete(header.size(), std::nullopt);
  if (header.size() - binary_fixed < address_bytes[static_cast<std::size_t>(family)]) {
    return failed("too short for its addresses");
  }
  const auto tlvs = binary_fixed + address_bytes[static_cast<std::size_t>(family)];
  if (const auto problem = problem_of_tlvs(header, tlvs); !problem.empty()) return failed(problem);
  if (transport == 0 || family == unspecified || family == local_socket) {
    return complete(header.size(), std::nullopt);
  }
  return complete(header.size(), address_at(header, binary_fixed, family == inet));
}

ProxyHeader read_binary(std::string_view bytes, std::size_t most_bytes) {
  constexpr std::uint8_t datagram = 2;
  if (bytes.size() > 12 && octet(bytes, 12) >> 4 != 2) return failed("not version 2");
  if (bytes.size() > 12 && (octet(bytes, 12) & 0xf) > 1) return failed("neither LOCAL nor PROXY");
  if (bytes.size() > 13) {
    const auto transport = octet(bytes, 13) & 0xf;
    if (octet(bytes, 13) >> 4 > 3 || transport > datagram) return failed("no such family");
    const bool proxied = (octet(bytes, 12) & 0xf) == 1;
    if (proxied && transport == datagram) return failed("datagrams on a stream");
  }
  if (bytes.size() < binary_fixed) return {};
  const auto size = binary_fixed + word16(bytes, 14);
  if (size > most_bytes) return failed("the header is too long");
  if (bytes.size() < size) return {};
  return read_binary_whole(bytes.substr(0, size));
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes, std::size_t most_bytes) {
  if (bytes.empty()) return {};
  if (may_begin(bytes, binary_start)) {
    return bytes.size() < binary_start.size() ? ProxyHeader{} : read_binary(bytes, most_bytes);
  }
  if (!may_begin(bytes, text_start)) return failed("no PROXY header");
  return read_text(bytes, most_bytes);
}

}  // namespace weir::http
