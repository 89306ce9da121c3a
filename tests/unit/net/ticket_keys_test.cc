#include "net/ticket_keys.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "net/openssl_handles.h"

namespace weir::net {
namespace {

using X509Ptr = std::unique_ptr<X509, OpensslFree<&X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<&EVP_PKEY_free>>;

void give_certificate(SSL_CTX* context) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  ASSERT_EQ(SSL_CTX_use_certificate(context, certificate.get()), 1);
  ASSERT_EQ(SSL_CTX_use_PrivateKey(context, key.get()), 1);
}

class Tickets : public testing::TestWithParam<int> {
 protected:
  SslContextPtr server_using(TicketKeys& keys) {
    SslContextPtr server(SSL_CTX_new(TLS_server_method()));
    give_certificate(server.get());
    SSL_CTX_set_session_cache_mode(server.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_proto_version(server.get(), GetParam());
    keys.use_in(server.get());
    return server;
  }

  /// Whether it went on from `session`, which becomes the new one.
  bool resumes(SSL_CTX* server, SslSessionPtr& session) {
    const SslPtr ours(SSL_new(server)), theirs(SSL_new(client_.get()));
    BIO *near = nullptr, *far = nullptr;
    BIO_new_bio_pair(&near, 0, &far, 0);
    SSL_set_bio(ours.get(), near, near);
    SSL_set_bio(theirs.get(), far, far);
    SSL_set_accept_state(ours.get());
    SSL_set_connect_state(theirs.get());
    if (session) SSL_set_session(theirs.get(), session.get());
    char byte = 0;
    for (int turn = 0; turn < 10; ++turn) {
      SSL_do_handshake(theirs.get());
      SSL_do_handshake(ours.get());
    }
    SSL_read(theirs.get(), &byte, 1);  // TLS 1.3 sends tickets after the handshake
    const bool resumed = SSL_session_reused(theirs.get()) == 1;
    EXPECT_TRUE(SSL_is_init_finished(ours.get()));
    session.reset(SSL_get1_session(theirs.get()));
    SSL_shutdown(theirs.get());  // a connection that just ends spoils its session
    return resumed;
  }

  /// Whether a session that goes on gets another ticket.
  bool replaces(SSL_CTX* server) {
    SslSessionPtr session;
    resumes(server, session);
    const auto first = ticket_of(session);
    EXPECT_TRUE(resumes(server, session));
    return ticket_of(session) != first;
  }

  static std::string ticket_of(const SslSessionPtr& session) {
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    SSL_SESSION_get0_ticket(session.get(), &bytes, &size);
    return {bytes, bytes + size};
  }

  SslContextPtr client_{SSL_CTX_new(TLS_client_method())};
};

TEST_P(Tickets, AreTakenWherePutByTheSameKeys) {
  TicketKeys keys;
  const auto first = server_using(keys), second = server_using(keys);
  SslSessionPtr session;
  EXPECT_FALSE(resumes(first.get(), session));
  EXPECT_TRUE(resumes(second.get(), session));
}

TEST_P(Tickets, AreNotTakenByOtherKeys) {
  TicketKeys keys, others;
  const auto first = server_using(keys), second = server_using(others);
  SslSessionPtr session;
  resumes(first.get(), session);
  EXPECT_FALSE(resumes(second.get(), session));
}

TEST_P(Tickets, OutliveOneChangeOfKeysAndAreReplacedThen) {
  TicketKeys keys;
  const auto server = server_using(keys);
  SslSessionPtr session;
  resumes(server.get(), session);
  keys.rotate();
  EXPECT_TRUE(resumes(server.get(), session));
  keys.rotate();
  EXPECT_TRUE(resumes(server.get(), session)) << "by the ticket that came in between";
}

TEST_P(Tickets, DoNotOutliveTwo) {
  TicketKeys keys;
  const auto server = server_using(keys);
  SslSessionPtr session;
  resumes(server.get(), session);
  keys.rotate();
  keys.rotate();
  EXPECT_FALSE(resumes(server.get(), session));
}

TEST_P(Tickets, AreReplacedEachTimeWhereClientsUseThemOnce) {
  TicketKeys keys;
  const auto server = server_using(keys);
  EXPECT_EQ(replaces(server.get()), GetParam() == TLS1_3_VERSION);
}

TEST_P(Tickets, AreNotProlongedForClientsThatShowedCertificates) {
  TicketKeys keys;
  const auto server = server_using(keys);
  SSL_CTX_set_verify(server.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_id_context(server.get(), reinterpret_cast<const unsigned char*>("test"), 4);
  EXPECT_FALSE(replaces(server.get()));
}

INSTANTIATE_TEST_SUITE_P(Versions, Tickets, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

}  // namespace
}  // namespace weir::net
