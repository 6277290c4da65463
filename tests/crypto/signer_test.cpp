#include "crypto/signer.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.h"
#include "crypto/dsse.h"
#include "crypto/recipient.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

struct Desk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);

  std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  Signer signer(const std::string& name) const { return {file(name + ".crt"), file(name + ".key"), now}; }
  Category refusal_of(const std::string& signer_name) const {
    try {
      (void)signer(signer_name);
    } catch (const Error& e) {
      return e.category();
    }
    FAIL(signer_name << " was accepted");
    return Category::usage;
  }
};

}  // namespace

TEST_CASE("only a valid P-384 signing certificate with its own, private key signs") {
  const Desk desk;
  test::make_certificate(desk.scratch.path(), {.name = "good", .usage = "digitalSignature"});
  test::make_certificate(desk.scratch.path(), {.name = "p256", .group = "P-256"});
  test::make_certificate(desk.scratch.path(), {.name = "rsa", .group = ""});
  test::make_certificate(desk.scratch.path(), {.name = "expired", .from_now = -7200, .until_now = -3600});
  test::make_certificate(desk.scratch.path(), {.name = "future", .from_now = 3600});
  test::make_certificate(desk.scratch.path(), {.name = "agreement", .usage = "keyAgreement"});
  test::make_certificate(desk.scratch.path(), {.name = "twin"});
  CHECK_NOTHROW(desk.signer("good"));
  for (const char* const name : {"p256", "rsa", "expired", "future", "agreement"}) {
    CAPTURE(name);
    CHECK(desk.refusal_of(name) == Category::refused);
  }
  CHECK_THROWS_WITH(Signer(desk.file("good.crt"), desk.file("twin.key"), desk.now), Catch::Contains("does not belong"));
  fs::permissions(desk.file("good.key"), fs::perms::group_read, fs::perm_options::add);
  CHECK(desk.refusal_of("good") == Category::device);
  CHECK(desk.refusal_of("missing") == Category::io);
  std::ofstream(desk.file("garbage.crt")) << "garbage";
  CHECK(desk.refusal_of("garbage") == Category::io);
}

TEST_CASE("recipients: valid, and for receiving keys") {
  const Desk desk;
  test::make_certificate(desk.scratch.path(), {.name = "ec", .usage = "keyAgreement"});
  test::make_certificate(desk.scratch.path(), {.name = "signing", .usage = "digitalSignature"});
  test::make_certificate(desk.scratch.path(), {.name = "expired", .until_now = -60});
  test::make_certificate(desk.scratch.path(), {.name = "rsa", .group = "", .usage = "keyEncipherment"});
  CHECK(Recipient::read(desk.file("ec.crt"), desk.now).describe()["kind"] == "ec-certificate");
  CHECK(Recipient::read(desk.file("rsa.crt"), desk.now).describe()["kind"] == "rsa-certificate");
  CHECK_THROWS_WITH(Recipient::read(desk.file("signing.crt"), desk.now), Catch::Contains("key usage"));
  CHECK_THROWS_WITH(Recipient::read(desk.file("expired.crt"), desk.now), Catch::Contains("expired"));
  for (const char* const bad : {"kek:", "kek:id", "kek::file", "kek:id:"}) {
    CHECK_THROWS_AS(Recipient::read(bad, desk.now), Error);
  }
  std::ofstream(desk.file("kek")) << "abcd";
  fs::permissions(desk.file("kek"), fs::perms::owner_read);
  CHECK_THROWS_WITH(Recipient::read("kek:id:" + desk.file("kek"), desk.now), Catch::Contains("64 hexadecimal"));
}

TEST_CASE("a DSSE envelope: its encoding, and that no byte of it can change") {
  CHECK(pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  const Desk desk;
  test::make_certificate(desk.scratch.path(), {.name = "a"});
  test::make_certificate(desk.scratch.path(), {.name = "b"});
  const Signer a = desk.signer("a");
  const std::string envelope = seal("text/x", "{\"x\":1}", a);
  CHECK(unseal("text/x", envelope, a.certificate()) == "{\"x\":1}");
  CHECK_THROWS_AS(unseal("text/y", envelope, a.certificate()), Error);
  CHECK_THROWS_AS(unseal("text/x", envelope, desk.signer("b").certificate()), Error);
  CHECK_THROWS_AS(unseal("text/x", envelope + "\n", a.certificate()), Error);
  CHECK_THROWS_AS(unseal("text/x", envelope.substr(1), a.certificate()), Error);
  for (std::size_t at = 0; at < envelope.size(); ++at) {
    for (const int change : {1, 2, 0x20}) {
      std::string changed = envelope;
      changed[at] = static_cast<char>(changed[at] ^ change);
      CHECK_THROWS_AS(unseal("text/x", changed, a.certificate()), Error);
    }
  }
}
