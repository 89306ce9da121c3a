#pragma once
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "upstream/discovery.h"

namespace weir::upstream {

inline Resolution name_not_found() { return {boost::asio::error::host_not_found, {}}; }

/// A resolver that answers what the test says: each answer once, the last one forever, a
/// name without any with "not found".
struct ScriptedNames {
  struct Script {
    std::map<std::string, std::deque<Resolution>> answers;
    Milliseconds lookups_last{0};
    int asked = 0;
  };
  std::shared_ptr<Script> script = std::make_shared<Script>();

  std::deque<Resolution>& answers(const std::string& host) { return script->answers[host]; }
  Resolve resolve() const {
    return [held = script](std::string host) { return answer(held, std::move(host)); };
  }

 private:
  static net::Task<Resolution> answer(std::shared_ptr<Script> script, std::string host) {
    ++script->asked;
    boost::asio::steady_timer lookup(co_await boost::asio::this_coro::executor,
                                     script->lookups_last);
    co_await lookup.async_wait(net::as_result);
    auto& answers = script->answers[host];
    if (answers.empty()) co_return name_not_found();
    auto next = answers.front();
    if (answers.size() > 1) answers.pop_front();
    co_return next;
  }
};

}  // namespace weir::upstream
