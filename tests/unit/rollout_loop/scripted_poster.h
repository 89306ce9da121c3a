#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "rollout_loop/poster.h"

namespace weir::rollout_loop {

/// Answers each host by its script, and hangs where that has come to its end.
class ScriptedPoster : public Poster {
 public:
  explicit ScriptedPoster(boost::asio::io_context& control) : hang_(control) {
    hang_.expires_at(boost::asio::steady_timer::time_point::max());
  }

  boost::asio::awaitable<HttpReply> post(HttpPost post) override {
    posts.push_back(post);
    auto& script = scripts[post.target.at.host];
    if (script.empty()) {
      co_await hang_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
      co_return HttpReply{0, {}, "let go"};
    }
    auto reply = script.front();
    script.pop_front();
    co_return reply;
  }
  /// Nobody hangs any more.
  void let_go() { hang_.cancel(); }

  std::vector<HttpPost> posts;
  std::map<std::string, std::deque<HttpReply>> scripts;

 private:
  boost::asio::steady_timer hang_;
};

inline HttpReply status(unsigned code, std::string body = {}) {
  return {code, std::move(body), {}};
}

}  // namespace weir::rollout_loop
