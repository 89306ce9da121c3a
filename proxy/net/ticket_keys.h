#pragma once
#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <mutex>

namespace weir::net {

/// The keys under which TLS session tickets are sealed (RFC 5077, RFC 8446 §4.6.1), one set
/// for the whole process, so that a session goes on with any worker and any listener of the
/// same rules. Any thread; only handshakes take the lock.
class TicketKeys {
 public:
  TicketKeys();

  /// New tickets get a new key. Those of the last one are still taken, older ones no more.
  void rotate();

  /// Makes `context` use these keys, which must outlive it. Whose session goes on under TLS 1.3
  /// gets a new ticket with it, unless clients are asked for certificates.
  void use_in(SSL_CTX* context);

 private:
  static constexpr std::size_t name_bytes = 16;
  struct Key {
    std::array<unsigned char, name_bytes> name;
    std::array<unsigned char, 32> cipher, mac;
  };

  static Key fresh();
  static int choose(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                    EVP_MAC_CTX* mac, int encrypting);
  enum class Age : std::uint8_t { current, last, unknown };
  Age find(const unsigned char* name, Key& found);
  Key current();

  std::mutex mutex_;
  Key current_, last_;
};

}  // namespace weir::net
