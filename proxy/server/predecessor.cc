#include "server/predecessor.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/array.hpp>

#include "rollout_loop/file_store.h"

namespace weir::server {
namespace {

namespace json = boost::json;

net::InheritedListener read_listener(const json::object& said) {
  const auto use = net::port_use_named(std::string(said.at("use").as_string()));
  const auto address = IpAddress::parse(std::string(said.at("address").as_string()));
  if (!use || !address) throw TakeOverError("a listener of an unknown kind");
  const auto port = said.at("port").to_number<std::uint16_t>();
  return {*use, {*address, port}, said.at("lent").as_bool(), {}};
}

std::string whole_text(int file) {
  struct stat about {};
  ::fstat(file, &about);
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  const auto got = ::pread(file, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

}  // namespace

Predecessor::Predecessor(boost::asio::io_context& control, const std::string& path,
                         Milliseconds limit)
    : path_(path), limit_(limit) {
  try {
    talk_.emplace(control, net::connect_locally(path));
  } catch (const std::exception& error) {
    throw TakeOverError(std::string("take-over: ") + error.what());
  }
  if (!talk_->trusted()) {
    throw TakeOverError("take-over: " + path + ": the process there is another user's");
  }
}

boost::asio::awaitable<TakeOverTalk::Said> Predecessor::answer() {
  auto said = co_await talk_->hear(limit_);
  if (!said) throw TakeOverError("take-over: the process at " + path_ + " does not answer");
  if (said->word == word::refused) {
    throw TakeOverError("take-over: refused: " + std::string(said->more.at("why").as_string()));
  }
  co_return *std::move(said);
}

boost::asio::awaitable<void> Predecessor::fetch_listeners(net::Inheritance& into) {
  talk_->say(word::listeners);
  net::InheritedListener listener;
  for (;;) {
    auto said = co_await answer();
    // A listener of many sockets comes in several packets.
    const bool goes_on = said.word == word::listener && said.more.at("more_of_it").as_bool();
    if (!goes_on && !listener.sockets.empty()) {
      into.add(std::exchange(listener, net::InheritedListener{}));
    }
    if (said.word != word::listener) co_return;
    if (!goes_on) listener = read_listener(said.more);
    for (auto& socket : said.descriptors) listener.sockets.push_back(std::move(socket));
  }
}

boost::asio::awaitable<Predecessor::Estate> Predecessor::take() {
  talk_->say(word::take);
  auto said = co_await answer();
  if (said.word != word::yours || said.descriptors.empty()) {
    throw TakeOverError("take-over: the process at " + path_ + " does not hand over");
  }
  Estate estate;
  estate.kept = rollout_loop::decode_states(whole_text(said.descriptors.front().get()));
  if (said.descriptors.size() > 1) estate.state_lock = std::move(said.descriptors[1]);
  co_return estate;
}

boost::asio::awaitable<bool> Predecessor::replace(std::vector<bool> taken) {
  json::array list;
  for (const bool each : taken) list.emplace_back(each);
  talk_->say(word::serving, {{"taken", std::move(list)}});
  const auto said = co_await talk_->hear(limit_);
  co_return said && said->word == word::leaving;
}

}  // namespace weir::server
