// An origin that knows when the last request reached its machine: by the kernel's time stamp of
// the bytes, so that it does not matter when this program got round to reading them.
//
//   timed_origin        prints "PORT"; GET /last answers "LAST COUNT FIRST_BAD BAD" (times in ns
//                       since 1970, 0: none) and begins anew; GET /fail/N answers 503 to N of
//                       10,000 that follow, by chance, health checks too where it is all of them;
//                       GET / is a request, anything else a health check

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace {

constexpr std::string_view good =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\ngood\n";
constexpr std::string_view bad =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nContent-Type: "
    "text/plain\r\n\r\nbad\n";

constexpr unsigned long whole = 10'000;

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

std::int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

/// What was received since it was asked last.
struct Record {
  std::int64_t last = 0, first_bad = 0;
  std::uint64_t count = 0, bad = 0;
};

class Origin {
 public:
  Origin()
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)), epoll_(::epoll_create1(0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
    ::listen(listener_, 1024);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    std::cout << ntohs(address.sin_port) << std::endl;
    watch(listener_);
  }

  [[noreturn]] void serve() {
    std::array<epoll_event, 64> events{};
    for (;;) {
      const int ready = ::epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < ready; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == listener_) {
          admit();
        } else if (!talk(socket)) {
          unread_.erase(socket);
          ::close(socket);
        }
      }
    }
  }

 private:
  void watch(int socket) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }

  void admit() const {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (socket < 0) return;
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(socket);
  }

  /// False: the connection is over.
  bool talk(int socket) {
    std::array<char, 16384> bytes;
    alignas(cmsghdr) std::array<char, 256> control;
    iovec piece{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto size = ::recvmsg(socket, &message, 0);
    if (size <= 0) return false;
    auto& unread = unread_[socket];
    unread.append(bytes.data(), static_cast<std::size_t>(size));
    const auto at = arrival(message);
    for (auto end = unread.find("\r\n\r\n"); end != unread.npos; end = unread.find("\r\n\r\n")) {
      const auto answer = answer_to(unread.substr(0, unread.find(' ', 4)), at);
      unread.erase(0, end + 4);
      ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    return true;
  }

  static std::int64_t arrival(msghdr& message) {
    for (auto* each = CMSG_FIRSTHDR(&message); each != nullptr;
         each = CMSG_NXTHDR(&message, each)) {
      if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec time{};
      std::memcpy(&time, CMSG_DATA(each), sizeof time);
      return nanoseconds(time);
    }
    return now();
  }

  std::string answer_to(const std::string& method_and_target, std::int64_t at) {
    if (method_and_target == "GET /last") {
      const auto told = std::exchange(record_, {});
      const auto body = std::to_string(told.last) + " " + std::to_string(told.count) + " " +
                        std::to_string(told.first_bad) + " " + std::to_string(told.bad) + "\n";
      return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
             body;
    }
    constexpr std::string_view fail = "GET /fail/";
    if (method_and_target.starts_with(fail)) {
      failing_ = std::stoul(method_and_target.substr(fail.size()));
      return std::string(good);
    }
    if (method_and_target != "GET /") return std::string(failing_ == whole ? bad : good);
    record_.last = at;
    ++record_.count;
    if (random_() % whole >= failing_) return std::string(good);
    if (record_.bad++ == 0) record_.first_bad = now();
    return std::string(bad);
  }

  int listener_, epoll_;
  unsigned long failing_ = 0;  ///< of `whole`
  std::minstd_rand random_;
  Record record_;
  std::unordered_map<int, std::string> unread_;
};

}  // namespace

int main() { Origin().serve(); }
