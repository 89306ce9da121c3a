// A configuration: a plan that keeps its promises or mistakes that can be shown, never both.
#include <set>
#include <string>

#include "require.h"
#include "settings/characters.h"
#include "settings/load.h"

namespace weir::settings {
namespace {

using fuzz::require;

void check_mistake(const Mistake& mistake, bool only) {
  const std::string shown = format(mistake);
  require(!mistake.message.empty(), "a mistake says what is wrong");
  require(std::none_of(shown.begin(), shown.end(), is_control), "it is one line of plain text");
  require(mistake.line >= 0, "its line is one of the text");
  // A text that is no configuration at all has no field to name, nor a second mistake.
  require(!mistake.path.empty() || only, "it names a field");
}

void check_rollout(const RolloutPolicy& rollout) {
  require(!rollout.steps.empty(), "a ramp has a step");
  Weight last = Weight::none();
  for (const Step& step : rollout.steps) {
    require(step.weight > last, "weights rise");
    require(step.hold.count() >= 0, "a step holds for a time");
    last = step.weight;
  }
}

void check_service(const ServicePlan& service) {
  require(!service.name.empty() && service.name.size() <= 63, "a service has a short name");
  require(service.match.path_prefix.starts_with('/'), "a prefix is absolute");
  for (const Version version : {Version::blue, Version::green}) {
    const PoolPlan& pool = service.pools[version];
    require(!pool.endpoints.empty(), "a pool has an endpoint");
    require(pool.check.timeout <= pool.check.interval, "checks do not overlap");
    require(pool.ejection.base <= pool.ejection.longest, "an ejection ends");
    require(!pool.check.path.empty() && pool.check.path.front() == '/', "a check has a path");
  }
  check_rollout(service.rollout);
}

void check_limits(const Plan& plan) {
  const WireLimits& limits = plan.limits;
  require(limits.head_bytes >= 1024 && limits.head_bytes <= 1U << 20, "heads are bounded");
  require(limits.target_bytes <= limits.head_bytes, "a target fits into a head");
  require(limits.fields >= 1 && limits.fields <= 1000, "fields are bounded");
  require(limits.connections >= 1, "somebody may connect");
  require(plan.memory.high <= plan.memory.critical, "memory runs high before it runs out");
  require(plan.timeouts.head.count() > 0 && plan.timeouts.keep_alive.count() > 0, "waits end");
  require(plan.workers <= 1024, "threads are bounded");
}

void check_plan(const Plan& plan) {
  require(!plan.listen.empty() && !plan.services.empty(), "there is somebody to serve");
  std::set<std::string> names;
  for (const ServicePlan& service : plan.services) {
    require(names.insert(service.name).second, "names are unique");
    check_service(service);
  }
  const IpAddress& admin = plan.admin.listen.address;
  const bool loopback =
      Cidr::parse("127.0.0.0/8")->contains(admin) || admin == *IpAddress::parse("::1");
  require(loopback || !plan.admin.token_file.empty(), "only loopback goes without a token");
  check_limits(plan);
}

}  // namespace
}  // namespace weir::settings

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto loaded = weir::settings::load(weir::fuzz::text_of(data, size));
  weir::fuzz::require(loaded.plan.has_value() == loaded.mistakes.empty(), "a plan or mistakes");
  for (const auto& mistake : loaded.mistakes) {
    weir::settings::check_mistake(mistake, loaded.mistakes.size() == 1);
  }
  if (loaded.plan) weir::settings::check_plan(*loaded.plan);
  return 0;
}
