#pragma once
#include <string>
#include <string_view>

namespace weir::http {

/// Whether a list of protocols (RFC 9110 §7.8) may be offered to a pool: each "name" or
/// "name/version", at least one, and none of them h2c, whose frames would pass unread.
bool is_valid_offer(std::string_view list) noexcept;

/// Whether `protocol`, one of them, was offered. Names compare without regard to case.
bool offers(std::string_view list, std::string_view protocol) noexcept;

/// Appends the field Upgrade with each protocol of a valid offer.
void append_offer(std::string_view list, std::string& out);

}  // namespace weir::http
