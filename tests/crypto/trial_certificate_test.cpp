// SPDX-License-Identifier: Apache-2.0
#include "crypto/trial_certificate.h"

#include <openssl/x509.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>

#include "core/atomic_file.h"
#include "crypto/recipient.h"
#include "crypto/signer.h"
#include "tests/category_of.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

void write(const std::filesystem::path& stem, const TrialCertificate& made) {
  std::ofstream(stem.string() + ".crt") << made.certificate;
  AtomicFile key(stem.string() + ".key", AtomicFile::Mode::secret);
  key.write(made.key.bytes());
  key.commit();
}

}  // namespace

TEST_CASE("trial certificates sign and receive, each its own part, and say that they are tests") {
  const test::Scratch scratch;
  const std::time_t now = std::time(nullptr);
  write(scratch / "signer", make_trial_certificate(TrialUse::sign, "Key factory", now, 30));
  write(scratch / "card", make_trial_certificate(TrialUse::receive, "Card bureau", now, 30));
  const Signer signer((scratch / "signer.crt").string(), (scratch / "signer.key").string(), now);
  CHECK(signer.certificate().subject() == "CN=Key factory,O=TEST - not for production");
  write(scratch / "second", make_trial_certificate(TrialUse::sign, "Key factory, SM2", now, 30, SignatureKind::sm2));
  const FurtherSigner second((scratch / "second.crt").string(), (scratch / "second.key").string(), now);
  CHECK(second.certificate().subject() == "CN=Key factory\\, SM2,O=TEST - not for production");
  CHECK(X509_verify(second.certificate().get(), X509_get0_pubkey(second.certificate().get())) == 1);
  CHECK(test::category_of([&] { (void)Recipient::read((scratch / "second.crt").string(), now); }) == Category::refused);
  const Recipient card = Recipient::read((scratch / "card.crt").string(), now);
  CHECK(card.record().public_key == "P-384");
  CHECK(card.notices().empty());
  CHECK(test::category_of([&] { (void)Recipient::read((scratch / "signer.crt").string(), now); }) == Category::refused);
  CHECK(test::category_of([&] {
          (void)Signer((scratch / "card.crt").string(), (scratch / "card.key").string(), now);
        }) == Category::refused);
  CHECK(test::category_of([&] { (void)Recipient::read((scratch / "card.crt").string(), now + 31 * 86400); }) ==
        Category::refused);
}

TEST_CASE("two trial certificates are never the same") {
  const std::time_t now = std::time(nullptr);
  CHECK(make_trial_certificate(TrialUse::sign, "A", now, 1).certificate !=
        make_trial_certificate(TrialUse::sign, "A", now, 1).certificate);
}

TEST_CASE("names and days of a trial have limits") {
  for (const std::string& name : {std::string(), std::string(65, 'a'), std::string("a\n"), std::string("\xc3\xa9")})
    CHECK(test::category_of([&] { (void)make_trial_certificate(TrialUse::sign, name, 0, 1); }) == Category::usage);
  for (const int days : {0, -1, 366})
    CHECK(test::category_of([&] { (void)make_trial_certificate(TrialUse::sign, "A", 0, days); }) == Category::usage);
}
