#include "net/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace weir::net {
namespace {

int slot() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

bool set_mac_key(EVP_MAC_CTX* mac, unsigned char* key, std::size_t size) {
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, size),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

/// What OpenSSL makes of a key callback's answers (SSL_CTX_set_tlsext_ticket_key_evp_cb).
enum Answer : int { failed = -1, begin_anew = 0, go_on = 1, replace_ticket = 2 };

/// Clients use a ticket of TLS 1.3 once (RFC 8446 §C.4): who gets no other shakes hands in full
/// the next time. A new one lives anew, which the word for a client's certificate may not.
bool is_replaced(const SSL* ssl, bool key_is_old) noexcept {
  if (SSL_version(ssl) < TLS1_3_VERSION) return key_is_old;
  return (SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER) == 0;
}

}  // namespace

TicketKeys::TicketKeys() : current_(fresh()), last_(fresh()) {}

TicketKeys::Key TicketKeys::fresh() {
  Key key;
  const auto fill = [](auto& bytes) {
    return RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1;
  };
  if (!fill(key.name) || !fill(key.cipher) || !fill(key.mac)) {
    throw std::runtime_error("no random bytes for the keys of TLS tickets");
  }
  return key;
}

void TicketKeys::rotate() {
  const auto key = fresh();
  const std::lock_guard lock(mutex_);
  last_ = current_;
  current_ = key;
}

void TicketKeys::use_in(SSL_CTX* context) {
  SSL_CTX_set_ex_data(context, slot(), this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &TicketKeys::choose);
}

TicketKeys::Key TicketKeys::current() {
  const std::lock_guard lock(mutex_);
  return current_;
}

TicketKeys::Age TicketKeys::find(const unsigned char* name, Key& found) {
  const std::lock_guard lock(mutex_);
  const auto is_named = [name](const Key& key) {
    return std::equal(key.name.begin(), key.name.end(), name);
  };
  if (is_named(current_)) {
    found = current_;
    return Age::current;
  }
  if (!is_named(last_)) return Age::unknown;
  found = last_;
  return Age::last;
}

int TicketKeys::choose(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                       EVP_MAC_CTX* mac, int encrypting) {
  auto& keys = *static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), slot()));
  Key key;
  Answer answer = Answer::go_on;
  if (encrypting == 1) {
    key = keys.current();
    std::copy(key.name.begin(), key.name.end(), name);
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return Answer::failed;
  } else {
    const auto age = keys.find(name, key);
    if (age == Age::unknown) return Answer::begin_anew;
    if (is_replaced(ssl, age == Age::last)) answer = Answer::replace_ticket;
  }
  const bool ready = EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv,
                                       encrypting) == 1 &&
                     set_mac_key(mac, key.mac.data(), key.mac.size());
  return ready ? answer : Answer::failed;
}

}  // namespace weir::net
