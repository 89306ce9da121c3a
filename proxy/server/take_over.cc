#include "server/take_over.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace weir::server {
namespace {

namespace json = boost::json;

constexpr std::int64_t dialect = 1;

std::optional<TakeOverTalk::Said> understand(net::Packet packet) {
  boost::system::error_code nonsense;
  const auto value = json::parse(packet.text, nonsense);
  if (nonsense || !value.is_object()) return std::nullopt;
  const auto& object = value.as_object();
  const auto* spoken = object.if_contains("weir_take_over");
  const auto* word = object.if_contains("word");
  if (spoken == nullptr || *spoken != dialect || word == nullptr || !word->is_string()) {
    return std::nullopt;
  }
  return TakeOverTalk::Said{std::string(word->as_string()), object, std::move(packet.descriptors)};
}

}  // namespace

bool TakeOverTalk::say(std::string_view word, json::object more,
                       const std::vector<int>& descriptors) {
  more["weir_take_over"] = dialect;
  more["word"] = json::string_view(word.data(), word.size());
  return channel_->send(json::serialize(more), descriptors);
}

boost::asio::awaitable<std::optional<TakeOverTalk::Said>> TakeOverTalk::hear(Milliseconds limit) {
  boost::asio::steady_timer timer(control_, limit);
  timer.async_wait([channel = channel_](const boost::system::error_code& stopped) {
    if (!stopped) channel->close();
  });
  auto packet = co_await channel_->receive();
  timer.cancel();
  if (!packet) co_return std::nullopt;
  co_return understand(*std::move(packet));
}

}  // namespace weir::server
