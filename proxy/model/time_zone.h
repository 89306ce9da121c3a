#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// A zone of the IANA database, as the system has it. A value: cheap to copy, any thread.
class TimeZone {
 public:
  TimeZone();  ///< UTC

  /// "Europe/Berlin"; `nullopt` for any other text. Reads the system's database.
  static std::optional<TimeZone> named(std::string_view name);

  const std::string& name() const noexcept { return name_; }
  /// What the clocks there show.
  std::chrono::local_seconds local(std::chrono::sys_seconds when) const;
  /// When the clocks there show it for the first and for the last time: twice where they are
  /// set back. Where they are set forward and never show it: when they are set.
  std::chrono::sys_seconds first(std::chrono::local_seconds shown) const;
  std::chrono::sys_seconds last(std::chrono::local_seconds shown) const;

  bool operator==(const TimeZone& other) const noexcept { return name_ == other.name_; }

 private:
  struct Rules;
  std::string name_ = "UTC";
  std::shared_ptr<const Rules> rules_;
};

}  // namespace weir
