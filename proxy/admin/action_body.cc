#include "admin/action_body.h"

#include <array>
#include <boost/json/parse.hpp>
#include <cmath>
#include <optional>

namespace weir::admin {
namespace {

namespace json = boost::json;
using rollout::Action;
using rollout::ActionRequest;

/// Empty: taken over; otherwise what was expected instead.
using Reading = std::string_view;

constexpr Reading taken{};
constexpr Reading not_a_line = "must be one line of text, at most 1024 bytes";
constexpr Reading not_a_weight =
    "must be a percentage from 0 to 100 with at most two decimals, such as 5 or \"5%\"";

// Also the C1 controls, which UTF-8 writes as C2 80 to C2 9F.
bool is_one_line(std::string_view text) noexcept {
  bool after_c2 = false;
  for (const char each : text) {
    const auto octet = static_cast<unsigned char>(each);
    if (octet < 0x20 || octet == 0x7f || (after_c2 && octet < 0xa0)) return false;
    after_c2 = octet == 0xc2;
  }
  return text.size() <= longest_text;
}

Reading read_line(const json::value& value, std::string& line) {
  if (!value.is_string() || !is_one_line(value.get_string())) return not_a_line;
  line = value.get_string();
  return taken;
}

Reading read_reason(const json::value& value, ActionRequest& request) {
  return read_line(value, request.reason);
}

Reading read_revision(const json::value& value, ActionRequest& request) {
  return read_line(value, request.revision);
}

Reading read_flag(const json::value& value, bool& flag) {
  if (!value.is_bool()) return "must be true or false";
  flag = value.get_bool();
  return taken;
}

Reading read_full(const json::value& value, ActionRequest& request) {
  return read_flag(value, request.full);
}

Reading read_force(const json::value& value, ActionRequest& request) {
  return read_flag(value, request.force);
}

std::optional<Weight> weight_of(double percent) {
  const double points = percent * 100;
  const double whole = std::round(points);
  if (!(whole >= 0 && whole <= Weight::whole) || std::abs(points - whole) > 1e-6) {
    return std::nullopt;
  }
  return Weight::from_basis_points(static_cast<std::uint32_t>(whole));
}

Reading read_weight(const json::value& value, ActionRequest& request) {
  std::optional<Weight> weight;
  if (value.is_number()) weight = weight_of(value.to_number<double>());
  if (value.is_string()) weight = weight_from_percent(value.get_string());
  if (!weight) return not_a_weight;
  request.weight = *weight;
  return taken;
}

bool any(Action) noexcept { return true; }

template <Action only>
bool is(Action action) noexcept {
  return action == only;
}

struct Member {
  std::string_view name;
  bool (*belongs_to)(Action) noexcept;
  Reading (*read)(const json::value&, ActionRequest&);
};

constexpr std::array members{
    Member{"reason", &any, &read_reason},
    Member{"revision", &is<Action::start>, &read_revision},
    Member{"full", &is<Action::promote>, &read_full},
    Member{"force", &rollout::can_be_forced, &read_force},
    Member{"weight", &is<Action::set_weight>, &read_weight},
};

const Member* find_member(Action action, std::string_view name) noexcept {
  for (const auto& member : members) {
    if (member.name == name && member.belongs_to(action)) return &member;
  }
  return nullptr;
}

// RFC 6901 §3: '~' and '/' have escapes of their own.
std::string pointer_to(std::string_view name) {
  std::string pointer = "/";
  for (const char octet : name) {
    if (octet == '~') {
      pointer += "~0";
    } else if (octet == '/') {
      pointer += "~1";
    } else {
      pointer += octet;
    }
  }
  return pointer;
}

Problem bad(std::string pointer, std::string detail) {
  return {Status::bad_request, std::move(detail), {{"pointer", std::move(pointer)}}};
}

std::optional<Problem> read_members(const json::object& body, ActionRequest& request) {
  for (const auto& [name, value] : body) {
    const auto* member = find_member(request.action, name);
    if (member == nullptr) {
      return bad(pointer_to(name), std::string(name) + " is not a member of " +
                                       std::string(rollout::name_of(request.action)));
    }
    const auto reading = member->read(value, request);
    if (reading != taken) {
      return bad(pointer_to(name), std::string(name) + " " + std::string(reading));
    }
  }
  if (request.action == Action::set_weight && !body.contains("weight")) {
    return bad("/weight", "weight " + std::string(not_a_weight));
  }
  return std::nullopt;
}

std::optional<json::object> parse_object(std::string_view body) {
  if (body.empty()) return json::object{};
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  const auto parsed = json::parse(body, error, {}, options);
  if (error || !parsed.is_object()) return std::nullopt;
  return parsed.get_object();
}

}  // namespace

std::variant<ActionRequest, Problem> read_action(Action action, std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return bad("", "the body must be nothing or one JSON object");
  ActionRequest request;
  request.action = action;
  if (auto problem = read_members(*object, request)) return *std::move(problem);
  return request;
}

}  // namespace weir::admin
