// SPDX-License-Identifier: Apache-2.0
#ifdef LIGHTSEED_HAS_NATS
#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "provision/notify/nats/address.h"
#include "provision/notify/notifier.h"
#include "tests/category_of.h"

using namespace lightseed;
using test::category_of;

TEST_CASE("NATS: an address names server, subject and files") {
  const NatsAddress plain = nats_address("nats://broker/lightseed.ledger-1");
  CHECK(plain.server == "nats://broker:4222");
  CHECK(plain.subject == "lightseed.ledger-1");
  CHECK_FALSE(plain.encrypted);
  const NatsAddress full = nats_address("tls://[::1]:14222/a?creds=/x/y.creds&ca=ca.pem&cert=c.pem&key=k.pem");
  CHECK(full.server == "tls://[::1]:14222");
  CHECK(full.encrypted);
  CHECK(full.credentials_file == "/x/y.creds");
  CHECK(full.ca_file == "ca.pem");
  CHECK(full.certificate_file == "c.pem");
  CHECK(full.key_file == "k.pem");
}

TEST_CASE("NATS: malformed addresses, wildcards and half a pair of files are refused") {
  for (const char* const uri : {"nats:",
                                "nats://",
                                "nats:///s",
                                "nats://h",
                                "nats://h/",
                                "nats://h:/s",
                                "nats://h:0/s",
                                "nats://h:65536/s",
                                "nats://h:12x/s",
                                "nats://h/a..b",
                                "nats://h/.a",
                                "nats://h/a.",
                                "nats://h/a.*",
                                "nats://h/a.>",
                                "nats://h/a b",
                                "nats://h/$JS.API.STREAM.PURGE.X",
                                "nats://h/a?more=1",
                                "nats://h/a?ca=",
                                "nats://h/a?ca=1&ca=2",
                                "nats://h/a?cert=c",
                                "nats://h/a?key=k",
                                "nats://h?ca=1",
                                "nats://h:1:2/s"}) {
    CAPTURE(uri);
    CHECK(category_of([&] { (void)nats_address(uri); }) == Category::usage);
  }
}

TEST_CASE("NATS: a password in an address is refused and not repeated") {
  for (const char* const uri : {"nats://user:sesame@h/s", "nats://sesame@h:1/s", "tls://user:sesame@/s"}) {
    try {
      (void)open_notifier(uri);
      FAIL("it was taken");
    } catch (const Error& e) {
      CHECK(e.category() == Category::usage);
      CHECK(std::string(e.what()).find("sesame") == std::string::npos);
    }
  }
}

TEST_CASE("NATS: where nobody listens the call is to be tried again") {
  CHECK(category_of([] { (void)open_notifier("nats://127.0.0.1:1/s"); }) == Category::busy);
}
#endif
