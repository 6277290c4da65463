#include "crypto/cms.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <random>

#include "core/error.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

/// A signer and one recipient of each kind.
struct Parties {
  Parties() {
    test::make_certificate(scratch.path(), {.name = "signer"});
    test::make_certificate(scratch.path(), {.name = "other"});
    test::make_certificate(scratch.path(), {.name = "ec", .group = "P-256"});
    test::make_certificate(scratch.path(), {.name = "rsa", .group = ""});
    std::ofstream(scratch / "kek") << std::string(62, 'a') + "07\n";
    std::ofstream(scratch / "wrong-kek") << std::string(64, 'b');
    for (const char* const file : {"kek", "wrong-kek"}) {
      std::filesystem::permissions(scratch / file,
                                   std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  [[nodiscard]] Signer signer(const char* name = "signer") const {
    return {file(name + std::string(".crt")), file(name + std::string(".key")), now};
  }

  test::Scratch scratch;
  std::time_t now = std::time(nullptr);
};

std::vector<std::byte> noise(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::mt19937 random(static_cast<unsigned>(size));
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::byte>(random()); });
  return bytes;
}

std::vector<std::byte> enveloped(const SignedPackage& signed_package, const Recipient& recipient) {
  std::vector<std::byte> der;
  envelop(signed_package, recipient,
          [&](std::span<const std::byte> piece) { der.insert(der.end(), piece.begin(), piece.end()); });
  return der;
}

bool equal(const SecretBytes& a, std::span<const std::byte> b) {
  return std::equal(a.bytes().begin(), a.bytes().end(), b.begin(), b.end());
}

}  // namespace

TEST_CASE("what is signed and enveloped opens again, for every kind of recipient and many sizes") {
  const Parties parties;
  const std::pair<std::string, std::string> recipients[] = {
      {parties.file("ec.crt"), parties.file("ec.key")},
      {parties.file("rsa.crt"), parties.file("rsa.key")},
      {"kek:k1:" + parties.file("kek"), "kek:k1:" + parties.file("kek")}};
  const Signer signer = parties.signer();
  for (const std::size_t size : {1, 100, 127, 128, 255, 256, 65'535, 65'536, 200'000}) {
    const auto package = noise(size);
    const SignedPackage signed_package = sign_package(package, signer);
    for (const auto& [recipient, key] : recipients) {
      CAPTURE(size, recipient);
      const auto der = enveloped(signed_package, Recipient::read(recipient, parties.now));
      const SecretBytes opened = RecipientKey::read(key).open(der);
      CHECK(equal(verify_package(opened.bytes(), signer.certificate()), package));
    }
  }
}

TEST_CASE("a flipped byte anywhere, or a missing one, opens nothing") {
  const Parties parties;
  const auto package = noise(300);
  const Recipient recipient = Recipient::read(parties.file("ec.crt"), parties.now);
  const RecipientKey key = RecipientKey::read(parties.file("ec.key"));
  const Signer signer = parties.signer();
  const auto der = enveloped(sign_package(package, signer), recipient);
  for (std::size_t at = 0; at < der.size(); ++at) {
    auto changed = der;
    changed[at] ^= std::byte{0x10};
    try {
      // Not every byte is authenticated by GCM (a key identifier is only a hint), but the content must be the same.
      const SecretBytes opened = verify_package(key.open(changed).bytes(), signer.certificate());
      CHECK(equal(opened, package));
    } catch (const Error& e) {
      CHECK(e.category() == Category::verdict);
    }
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, der.size() / 2, der.size() - 1}) {
    CHECK_THROWS_AS(key.open(std::span(der).first(size)), Error);
  }
}

TEST_CASE("the wrong key and the wrong signer are found") {
  const Parties parties;
  const auto package = noise(1000);
  const Signer signer = parties.signer();
  const SignedPackage signed_package = sign_package(package, signer);
  const auto for_ec = enveloped(signed_package, Recipient::read(parties.file("ec.crt"), parties.now));
  const auto for_kek = enveloped(signed_package, Recipient::read("kek:k1:" + parties.file("kek"), parties.now));
  for (const std::string& key : {parties.file("other.key"), parties.file("rsa.key"), "kek:k1:" + parties.file("kek")}) {
    CHECK_THROWS_AS(RecipientKey::read(key).open(for_ec), Error);
  }
  CHECK_THROWS_AS(RecipientKey::read("kek:k1:" + parties.file("wrong-kek")).open(for_kek), Error);
  CHECK_THROWS_AS(RecipientKey::read("kek:k2:" + parties.file("kek")).open(for_kek), Error);
  const SecretBytes opened = RecipientKey::read(parties.file("ec.key")).open(for_ec);
  CHECK_THROWS_WITH(verify_package(opened.bytes(), parties.signer("other").certificate()),
                    Catch::Contains("not signed by"));
  CHECK_THROWS_AS(verify_package(package, signer.certificate()), Error);
}

TEST_CASE("two envelopes of one package share no content key") {
  const Parties parties;
  const auto package = noise(500);
  const SignedPackage signed_package = sign_package(package, parties.signer());
  const Recipient recipient = Recipient::read(parties.file("ec.crt"), parties.now);
  CHECK(enveloped(signed_package, recipient) != enveloped(signed_package, recipient));
}
