// New clients at a fixed rate, whatever becomes of the ones before: each connects, asks once
// and reads to the end of the connection. Every one of them is accounted for. Brings the pool
// along, so that its answers are known.
//
//   arrivals            prints "origin PORT"; then reads "PORT RATE SECONDS" from standard
//                       input, lets clients arrive at 127.0.0.1:PORT and prints one JSON line

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::string_view body = "arrived\n";
constexpr std::string_view origin_answer = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\narrived\n";
constexpr std::string_view question =
    "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n";
constexpr Seconds patience{10};

sockaddr_in loopback(std::uint16_t port, std::uint8_t last = 1) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(0x7f000000U + last);
  return address;
}

const sockaddr* pointer_to(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void watch(int epoll, int socket, std::uint32_t events, void* what) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = what;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

/// Answers whatever ends in an empty line; keeps its connections.
class Origin {
 public:
  Origin() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    ::bind(listener_, pointer_to(address), size);
    ::listen(listener_, 4096);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }

  std::uint16_t port() const { return port_; }

  [[noreturn]] void serve() const {
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener_;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener_, &event);
    std::array<epoll_event, 64> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int ready = events[static_cast<std::size_t>(i)].data.fd;
        ready == listener_ ? take_in(epoll) : answer(ready);
      }
    }
  }

 private:
  void take_in(int epoll) const {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = socket;
      ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
    }
  }

  // Weir sends a head in one piece and waits for its answer.
  static void answer(int socket) {
    std::array<char, 4096> piece{};
    const auto size = ::recv(socket, piece.data(), piece.size(), 0);
    if (size > 0) {
      ::send(socket, origin_answer.data(), origin_answer.size(), MSG_NOSIGNAL);
    } else if (size == 0 || errno != EAGAIN) {
      ::close(socket);
    }
  }

  int listener_;
  std::uint16_t port_ = 0;
};

struct Outcomes {
  std::uint64_t answered = 0, refused = 0, reset = 0, unanswered = 0, wrong = 0, local = 0;
  std::vector<double> milliseconds{};
  std::map<std::string, std::uint64_t> other{};  ///< first lines of the wrong ones
};

struct Client {
  int socket = -1;
  bool asked = false;
  Clock::time_point began{};
  std::string answer{};
};

class Arrivals {
 public:
  Arrivals(std::uint16_t port, double rate, Seconds duration)
      : target_(loopback(port)), rate_(rate), duration_(duration) {}

  Outcomes run() {
    const auto began = Clock::now();
    const auto all = static_cast<std::uint64_t>(rate_ * duration_.count());
    while (started_ < all || !waiting_.empty()) {
      const Seconds passed = Clock::now() - began;
      const auto due = std::min(all, static_cast<std::uint64_t>(rate_ * passed.count()));
      while (started_ < due) arrive();
      look();
      give_up();
    }
    return std::move(outcomes_);
  }

 private:
  /// From many addresses, so that no pair of ports comes back before its time.
  void arrive() {
    auto client = std::make_unique<Client>();
    client->began = Clock::now();
    client->socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto from = loopback(0, static_cast<std::uint8_t>(1 + started_++ % 32));
    const int late = 1;
    ::setsockopt(client->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late);
    ::bind(client->socket, pointer_to(from), sizeof from);
    const int result = ::connect(client->socket, pointer_to(target_), sizeof target_);
    if (result != 0 && errno != EINPROGRESS) return end(*client, errno);
    watch(epoll_, client->socket, EPOLLIN | EPOLLOUT | EPOLLET, client.get());
    waiting_.push_back(std::move(client));
  }

  void look() {
    std::array<epoll_event, 256> events{};
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), 1);
    for (int i = 0; i < count; ++i) {
      auto& client = *static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (client.socket >= 0) go_on(client);
    }
  }

  void go_on(Client& client) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(client.socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return end(client, error);
    if (!client.asked) {
      const auto sent = ::send(client.socket, question.data(), question.size(), MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN ? void() : end(client, errno);
      client.asked = true;
    }
    std::array<char, 4096> piece{};
    for (;;) {
      const auto got = ::recv(client.socket, piece.data(), piece.size(), 0);
      if (got < 0) return errno == EAGAIN ? void() : end(client, errno);
      if (got == 0) return end(client, 0);
      client.answer.append(piece.data(), static_cast<std::size_t>(got));
    }
  }

  /// The first who came is the first whose patience ends.
  void give_up() {
    while (!waiting_.empty()) {
      auto& oldest = *waiting_.front();
      if (oldest.socket >= 0 && Clock::now() - oldest.began < patience) return;
      if (oldest.socket >= 0) end(oldest, ETIMEDOUT);
      waiting_.pop_front();
    }
  }

  void end(Client& client, int error) {
    ::close(client.socket);
    client.socket = -1;
    count(client, error);
  }

  void count(const Client& client, int error) {
    const auto& answer = client.answer;
    if (error == ECONNREFUSED) {
      ++outcomes_.refused;
    } else if (error == ECONNRESET || error == EPIPE) {
      ++outcomes_.reset;
    } else if (error == ETIMEDOUT || (error == 0 && answer.empty())) {
      ++outcomes_.unanswered;
    } else if (error != 0) {
      ++outcomes_.local;
    } else if (answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(body)) {
      ++outcomes_.answered;
      const std::chrono::duration<double, std::milli> took = Clock::now() - client.began;
      outcomes_.milliseconds.push_back(took.count());
    } else {
      ++outcomes_.wrong;
      ++outcomes_.other[answer.substr(0, answer.find('\r'))];
    }
  }

  const sockaddr_in target_;
  const double rate_;
  const Seconds duration_;
  const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::uint64_t started_ = 0;
  std::deque<std::unique_ptr<Client>> waiting_;  ///< with some who are through
  Outcomes outcomes_;
};

void print(Outcomes outcomes) {
  auto& times = outcomes.milliseconds;
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    const auto place = static_cast<std::size_t>(share * static_cast<double>(times.size()));
    return times.empty() ? 0.0 : times[std::min(place, times.size() - 1)];
  };
  std::cout << "{\"answered\": " << outcomes.answered << ", \"refused\": " << outcomes.refused
            << ", \"reset\": " << outcomes.reset << ", \"unanswered\": " << outcomes.unanswered
            << ", \"wrong\": " << outcomes.wrong << ", \"local\": " << outcomes.local
            << ", \"other\": {";
  const char* comma = "";
  for (const auto& [line, count] : outcomes.other) {
    std::cout << std::exchange(comma, ", ") << '"' << line << "\": " << count;
  }
  std::cout << "}, \"p50_ms\": " << at(0.5) << ", \"p99_ms\": " << at(0.99)
            << ", \"p999_ms\": " << at(0.999) << ", \"max_ms\": " << at(1) << "}" << std::endl;
}

}  // namespace

int main() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const Origin origin;
  std::thread([&origin] { origin.serve(); }).detach();
  std::cout << "origin " << origin.port() << std::endl;
  std::uint16_t port = 0;
  double rate = 0, seconds = 0;
  while (std::cin >> port >> rate >> seconds) print(Arrivals(port, rate, Seconds(seconds)).run());
  std::_Exit(0);  // the pool serves until the end
}
