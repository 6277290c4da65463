// SPDX-License-Identifier: Apache-2.0
#include "crypto/time_stamp.h"

#include <openssl/ts.h>

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>

#include "core/error.h"
#include "tests/category_of.h"

// Responses are openssl's to make and to judge: tests/e2e/time_stamp.sh.

using namespace lightseed;
using test::category_of;

TEST_CASE("a query for a time stamp asks for this digest, for a certificate, and never twice the same") {
  Sha256Digest digest{};
  digest[0] = std::byte{0xab};
  std::set<std::string> queries;
  for (int i = 0; i < 10; ++i) {
    const std::string der = time_stamp_query(digest);
    queries.insert(der);
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<TS_REQ, decltype(&TS_REQ_free)> query(d2i_TS_REQ(nullptr, &at, static_cast<long>(der.size())),
                                                                TS_REQ_free);
    REQUIRE(query != nullptr);
    CHECK(TS_REQ_get_version(query.get()) == 1);
    CHECK(TS_REQ_get_cert_req(query.get()) != 0);
    TS_MSG_IMPRINT* const imprint = TS_REQ_get_msg_imprint(query.get());
    CHECK(OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm) == NID_sha256);
    const ASN1_OCTET_STRING* const message = TS_MSG_IMPRINT_get_msg(imprint);
    REQUIRE(ASN1_STRING_length(message) == 32);
    CHECK(ASN1_STRING_get0_data(message)[0] == 0xab);
    CHECK(TS_REQ_get_nonce(query.get()) != nullptr);
  }
  CHECK(queries.size() == 10);
}

TEST_CASE("what is no response of RFC 3161 is no time stamp") {
  const Sha256Digest digest{};
  const std::string query = time_stamp_query(digest);
  // A response that grants nothing: SEQUENCE { PKIStatusInfo { rejection } }; and one that grants, without a token.
  const std::string rejected("\x30\x05\x30\x03\x02\x01\x02", 7), empty("\x30\x05\x30\x03\x02\x01\x00", 7);
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("\x30\x80\x30\x80", 4), std::string(1000, '\x30'), query, rejected,
        empty, rejected + "x", std::string(largest_time_stamp + 1, '\x30')}) {
    CHECK(category_of([&] { (void)read_time_stamp(text, digest); }) == Category::verdict);
    CHECK(category_of([&] { require_answer_to(query, text); }) == Category::verdict);
    CHECK(category_of([&] { require_answer_to(text, empty); }) == Category::verdict);
  }
  CHECK_THROWS_WITH(read_time_stamp(rejected, digest), Catch::Contains("refused to make one"));
  CHECK_THROWS_WITH(read_time_stamp(empty, digest), Catch::Contains("no response"));
}
