#include "net/inheritance.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/listener.h"

namespace weir::net {
namespace {

ListenAddress loopback(std::uint16_t port) { return {*IpAddress::parse("127.0.0.1"), port}; }

/// A socket that listens on a free port of 127.0.0.1.
Descriptor listening() {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto any = endpoint_of(*IpAddress::parse("127.0.0.1"), 0);
  EXPECT_EQ(::bind(socket.get(), any.data(), static_cast<socklen_t>(any.size())), 0);
  EXPECT_EQ(::listen(socket.get(), 1), 0);
  return socket;
}

InheritedListener of(PortUse use, const ListenAddress& asked, bool lent = false) {
  InheritedListener listener{use, asked, lent, {}};
  listener.sockets.push_back(listening());
  return listener;
}

TEST(Inheritance, AnAddressIsFoundAsItWasAskedFor) {
  Inheritance inherited;
  inherited.add(of(PortUse::clients, loopback(0)));
  inherited.add(of(PortUse::clients, loopback(8080)));
  EXPECT_TRUE(inherited.claim(PortUse::clients, loopback(8080)));
  EXPECT_EQ(inherited.claimed(), (std::vector<bool>{false, true}));
  EXPECT_FALSE(inherited.claim(PortUse::clients, loopback(8080))) << "once";
}

TEST(Inheritance, AnAddressIsFoundAsItIsBound) {
  auto listener = of(PortUse::clients, loopback(0));
  const auto bound = *listening_address(listener.sockets.front().get());
  Inheritance inherited;
  inherited.add(std::move(listener));
  EXPECT_TRUE(inherited.claim(PortUse::admin, bound)) << "whatever it served before";
}

TEST(Inheritance, PortZeroGoesByItsUse) {
  Inheritance inherited;
  inherited.add(of(PortUse::admin, loopback(0)));
  inherited.add(of(PortUse::clients, loopback(0)));
  inherited.add(of(PortUse::clients, loopback(0)));
  EXPECT_TRUE(inherited.claim(PortUse::clients, loopback(0)));
  EXPECT_TRUE(inherited.claim(PortUse::clients, loopback(0)));
  EXPECT_FALSE(inherited.claim(PortUse::clients, loopback(0)));
  EXPECT_FALSE(inherited.claim(PortUse::health, loopback(0)));
  EXPECT_EQ(inherited.claimed(), (std::vector<bool>{false, true, true}));
}

TEST(Inheritance, WhatWasLentInVainIsNamed) {
  Inheritance inherited;
  inherited.add(of(PortUse::clients, loopback(80), true));
  inherited.add(of(PortUse::clients, loopback(81), true));
  inherited.add(of(PortUse::clients, loopback(82)));
  inherited.claim(PortUse::clients, loopback(80));
  EXPECT_EQ(inherited.lent_in_vain(), (std::vector<std::string>{"127.0.0.1 port 81"}));
}

TEST(ListeningAddress, IsOfTcpSocketsThatListen) {
  EXPECT_TRUE(listening_address(listening().get()));
  const Descriptor idle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_FALSE(listening_address(idle.get()));
  EXPECT_FALSE(listening_address(0)) << "no socket";
  EXPECT_FALSE(listening_address(-1));
}

}  // namespace
}  // namespace weir::net
