// SPDX-License-Identifier: Apache-2.0
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"
#include "crypto/private_file.h"
#include "crypto/private_key.h"
#include "crypto/recipient.h"
#include "crypto/signer.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

constexpr const char* passphrase = "correct horse";

/// Whoever is asked says this, and is counted.
struct Person {
  std::string says = passphrase;
  int asked = 0;

  AskPassphrase ask() {
    return [this](const std::string&) {
      ++asked;
      SecretBytes secret(says.size());
      std::ranges::copy(bytes_of(says), secret.bytes().begin());
      return secret;
    };
  }
};

struct KeyFormDesk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);
  std::shared_ptr<EVP_PKEY> key;
  std::optional<X509Certificate> certificate;

  KeyFormDesk() {
    test::make_certificate(scratch.path(), {.name = "root", .authority = true});
    test::make_certificate(scratch.path(), {.name = "middle", .authority = true, .issuer = "root"});
    test::make_certificate(scratch.path(), {.name = "a", .issuer = "middle"});
    key = read_private_key(file("a.key"));
    certificate = X509Certificate::read(file("a.crt"));
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  [[nodiscard]] std::string text(const std::string& name) const { return read_text_file(file(name), 1 << 20); }

  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(file(name)) << content;
    REQUIRE(chmod(file(name).c_str(), 0600) == 0);
    return file(name);
  }

  template <typename Put>
  std::string put(const std::string& name, const Put& put) const {
    const openssl::Handle<BIO> out(BIO_new(BIO_s_mem()));
    REQUIRE(put(out.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return write(name, std::string(data, static_cast<std::size_t>(size)));
  }

  [[nodiscard]] std::string encrypted(const std::string& name, bool pem) const {
    const int length = static_cast<int>(std::string_view(passphrase).size());
    return put(name, [&](BIO* out) {
      return pem ? PEM_write_bio_PKCS8PrivateKey(out, key.get(), EVP_aes_256_cbc(), passphrase, length, nullptr,
                                                 nullptr)
                 : i2d_PKCS8PrivateKey_bio(out, key.get(), EVP_aes_256_cbc(), passphrase, length, nullptr, nullptr);
    });
  }

  [[nodiscard]] std::string store(const std::string& name, bool with_key) const {
    const X509Certificate middle = X509Certificate::read(file("middle.crt"));
    const std::shared_ptr<STACK_OF(X509)> others(sk_X509_new_null(), [](STACK_OF(X509) * all) { sk_X509_free(all); });
    sk_X509_push(others.get(), middle.get());
    const std::shared_ptr<PKCS12> made(
        PKCS12_create(passphrase, "a", with_key ? key.get() : nullptr, with_key ? certificate->get() : nullptr,
                      others.get(), 0, 0, 0, 0, 0),
        PKCS12_free);
    REQUIRE(made != nullptr);
    return put(name, [&](BIO* out) { return i2d_PKCS12_bio(out, made.get()); });
  }

  [[nodiscard]] std::string bag(const std::string& name, bool pem, bool empty = false) const {
    const std::shared_ptr<PKCS7> made(PKCS7_new(), PKCS7_free);
    REQUIRE(PKCS7_set_type(made.get(), NID_pkcs7_signed) == 1);
    REQUIRE(PKCS7_content_new(made.get(), NID_pkcs7_data) == 1);
    if (!empty) {
      for (const char* one : {"middle.crt", "a.crt", "root.crt"})
        REQUIRE(PKCS7_add_certificate(made.get(), X509Certificate::read(file(one)).get()) == 1);
    }
    return put(name,
               [&](BIO* out) { return pem ? PEM_write_bio_PKCS7(out, made.get()) : i2d_PKCS7_bio(out, made.get()); });
  }
};

}  // namespace

TEST_CASE("private keys as they come: DER, PKCS#8 under a passphrase, PKCS#12") {
  const KeyFormDesk desk;
  Person person;
  const std::string plain = desk.put("a.der", [&](BIO* out) { return i2d_PrivateKey_bio(out, desk.key.get()); });
  CHECK_NOTHROW(Signer(desk.file("a.crt"), plain, desk.now));
  const std::string p8 = desk.put("a.p8", [&](BIO* out) {
    return i2d_PKCS8PrivateKey_bio(out, desk.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  CHECK_NOTHROW(Signer(desk.file("a.crt"), p8, desk.now, person.ask()));
  CHECK(person.asked == 0);
  for (const std::string& key :
       {desk.encrypted("e.pem", true), desk.encrypted("e.der", false), desk.store("a.p12", true)}) {
    CAPTURE(key);
    CHECK_NOTHROW(Signer(desk.file("a.crt"), key, desk.now, person.ask()));
    CHECK(std::exchange(person.asked, 0) == 1);
    Person forgetful{.says = "wrong"};
    CHECK_THROWS_WITH(Signer(desk.file("a.crt"), key, desk.now, forgetful.ask()),
                      Catch::Contains("the passphrase does not open") && Catch::Contains(key));
    CHECK(test::category_of([&] { (void)read_private_key(key, forgetful.ask()); }) == Category::device);
    CHECK_THROWS_WITH(read_private_key(key), Catch::Contains("encrypted with a passphrase, and none was given"));
  }
  CHECK_THROWS_WITH(read_private_key(desk.store("no.p12", false), person.ask()),
                    Catch::Contains("without a private key"));
  std::string damaged = desk.text("e.der");
  damaged.resize(damaged.size() - 20);
  CHECK(test::category_of([&] { (void)read_private_key(desk.write("d.der", damaged), person.ask()); }) ==
        Category::malformed);
}

TEST_CASE("certificates as they come: DER, bags, stores and chains") {
  const KeyFormDesk desk;
  Person person;
  const std::string wanted = desk.certificate->fingerprint();
  const auto of = [&](const std::string& path) { return X509Certificate::read(path, person.ask()).fingerprint(); };
  CHECK(of(desk.write("c.der", desk.certificate->der())) == wanted);
  CHECK(of(desk.bag("c.p7b", true)) == wanted);
  CHECK(of(desk.bag("c.p7c", false)) == wanted);
  CHECK(of(desk.store("c.p12", true)) == wanted);
  CHECK(person.asked == 1);
  const std::string a = desk.text("a.crt"), middle = desk.text("middle.crt"), root = desk.text("root.crt");
  CHECK(of(desk.write("chain.pem", a + middle + root)) == wanted);
  CHECK(of(desk.write("turned.pem", root + middle + a)) == wanted);
  CHECK(of(desk.write("twice.pem", a + a)) == wanted);
  // What is no one chain is for nobody to guess: two leaves, a missing link, authorities alone.
  test::make_certificate(desk.scratch.path(), {.name = "b", .issuer = "middle"});
  for (const std::string& text : {a + desk.text("b.crt") + middle, a + root, middle + root}) {
    const std::string path = desk.write("several.pem", text);
    CHECK_THROWS_WITH(X509Certificate::read(path), Catch::Contains("no one chain"));
    CHECK(test::category_of([&] { (void)X509Certificate::read(path); }) == Category::refused);
  }
  CHECK_THROWS_WITH(X509Certificate::read(desk.bag("empty.p7b", false, true)), Catch::Contains("none travels in it"));
  CHECK(X509Certificate::read_all(desk.file("c.p7b"), 3).size() == 3);
  CHECK_THROWS_AS(X509Certificate::read_all(desk.file("c.p7b"), 2), Error);
}

TEST_CASE("a recipient without a key identifier, from a chain, opens its files") {
  const KeyFormDesk desk;
  test::make_certificate(desk.scratch.path(), {.name = "bare", .key_identifier = false, .issuer = "middle"});
  const std::string chain = desk.write("bare.pem", desk.text("middle.crt") + desk.text("bare.crt"));
  const Recipient recipient = Recipient::read(chain, desk.now);
  CHECK(recipient.record().identified_by == RecipientRecord::Identifier::issuer_and_serial_number);
}

namespace {

/// What fstatfs() says instead of the kind of file system that there is; the linker sends all calls to __wrap_fstatfs.
std::optional<long> pretended_file_system;

}  // namespace

extern "C" int __real_fstatfs(int fd, struct statfs* facts);
extern "C" int __wrap_fstatfs(int fd, struct statfs* facts) {
  const int result = __real_fstatfs(fd, facts);
  if (result == 0 && pretended_file_system) facts->f_type = *pretended_file_system;
  return result;
}

TEST_CASE("a Windows drive under WSL keeps no modes: its keys are refused, and chmod is not the advice") {
  const test::Scratch scratch;
  const fs::path key = scratch.path() / "own.key";
  std::ofstream(key) << "secret";
  REQUIRE(chmod(key.c_str(), 0777) == 0);  // as all files are there
  struct Pretence {
    explicit Pretence(long kind) { pretended_file_system = kind; }
    ~Pretence() { pretended_file_system.reset(); }
    Pretence(const Pretence&) = delete;
    Pretence& operator=(const Pretence&) = delete;
  };
  // linux/magic.h: 9p as WSL mounts drives, FAT, exFAT, SMB and its second version; NTFS of the kernel's old driver.
  for (const long kind : {0x01021997L, 0x4d44L, 0x2011bab0L, 0xff534d42L, 0xfe534d42L, 0x5346544eL}) {
    CAPTURE(kind);
    const Pretence pretence(kind);
    CHECK_THROWS_WITH(read_private_file(key, 100),
                      Catch::Contains("(mode 0777)") && Catch::Contains("keeps no modes") &&
                          Catch::Contains("copy it to one of Linux") && !Catch::Contains("run: chmod"));
    CHECK(test::category_of([&] { (void)read_private_file(key, 100); }) == Category::device);
  }
  // ext4, tmpfs, NFS and overlayfs keep them, and chmod is the way.
  for (const long kind : {0xef53L, 0x01021994L, 0x6969L, 0x794c7630L}) {
    CAPTURE(kind);
    const Pretence pretence(kind);
    CHECK_THROWS_WITH(read_private_file(key, 100), Catch::Contains("run: chmod 600") && !Catch::Contains("WSL"));
  }
  // A mode that is right is right anywhere: drives mounted with metadata keep modes.
  REQUIRE(chmod(key.c_str(), 0600) == 0);
  const Pretence pretence(0x01021997);
  CHECK(read_private_file(key, 100).size() == 6);
}

TEST_CASE("modes that chmod does not change are explained") {
  // As the kubelet lays out a secret: links into a folder of a name with two dots.
  const test::Scratch scratch;
  const fs::path folder = scratch.path() / "..2026_11_28";
  fs::create_directory(folder);
  std::ofstream(folder / "tls.key") << "secret";
  REQUIRE(chmod((folder / "tls.key").c_str(), 0644) == 0);
  fs::create_symlink("..2026_11_28", scratch.path() / "..data");
  fs::create_symlink("..data/tls.key", scratch.path() / "tls.key");
  CHECK_THROWS_WITH(read_private_file(scratch.path() / "tls.key", 100),
                    Catch::Contains("defaultMode: 0400") && !Catch::Contains("chmod"));
  std::ofstream(scratch.path() / "own.key") << "secret";
  REQUIRE(chmod((scratch.path() / "own.key").c_str(), 0640) == 0);
  CHECK_THROWS_WITH(read_private_file(scratch.path() / "own.key", 100), Catch::Contains("run: chmod 600"));
}
