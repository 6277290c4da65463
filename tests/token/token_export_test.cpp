// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "provision/export/format.h"
#include "tests/category_of.h"
#include "tests/token/soft_token.h"

using namespace lightseed;
using test::SoftToken;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view auc = "8f93d85ce8b199b49faa5f0a2ee238a6";
constexpr std::string_view ota = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";

constexpr const char* fields = R"({"name":"ki","bytes":16},{"name":"op","bytes":16},{"name":"kic1","bytes":16})";
constexpr const char* digits = R"(,{"name":"pin1","digits":4},{"name":"puk1","digits":8})";

ExportProfile profile_of(const std::string& text) {
  return parse_export_profile(R"({"schema":"lightseed/export-profile/v1","name":"p","fields":[)" + text + "]}", "p");
}

/// What a format makes of three SIMs, and the check values of its keys.
std::string exported(std::string_view format, const ExportProfile& profile, std::vector<TransportKeySpec> specs) {
  std::string written;
  LockedText out([&](std::span<const std::byte> bytes) { written += text_of(bytes); });
  CredentialCutter cutter(profile);
  TransportKeys keys(std::move(specs));
  const auto exporter = export_named(format).make({profile, cutter, keys, out});
  keys.require_all_taken(format);
  CertifiedBatch batch;
  batch.id = "b";
  exporter->begin(batch, 3);
  std::vector<std::byte> bytes(profile.block_bytes());
  for (unsigned sim = 0; sim < 3; ++sim) {
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::byte>((sim + 1) * (i + 3));
    PackagedBlock block{.header = {}, .key_count = 1, .keys = bytes};
    block.header.iccid = "8988211000000000017";
    block.header.imsi = "001010000000001";
    exporter->write(cutter.cut(block));
  }
  exporter->end();
  out.flush();
  for (const UsedTransportKey& key : keys.used())
    written += key.use + " " + key.name + " " + key.check + " " + key.method + "\n";
  return written;
}

/// The same keys, in files and in a token.
struct Office {
  test::Scratch scratch;
  SoftToken token;

  Office() {
    token.add_secret("auc", auc);
    token.add_secret("ota", ota);
  }
  TransportKeySpec in_file(const std::string& use, const std::string& name, std::string_view key) const {
    const fs::path path = scratch.path() / use;
    if (!fs::exists(path)) std::ofstream(path) << key << '\n';
    fs::permissions(path, fs::perms::owner_read);
    return {use, name, path};
  }
  TransportKeySpec in_token(const std::string& use, const std::string& name, const std::string& label) const {
    return TransportKeySpec::read(use + ":" + name + ":" + token.uri(label));
  }
};

}  // namespace

TEST_CASE("an export under a token's keys is that under the same keys from files") {
  const Office office;
  const ExportProfile all = profile_of(std::string(fields) + digits);
  for (const char* const format : {"vendor-elect", "pysim"}) {
    CAPTURE(format);
    const std::string from_files =
        exported(format, all, {office.in_file("auc", "7", auc), office.in_file("ota", "8", ota)});
    CHECK(from_files.size() > 200);
    CHECK(exported(format, all, {office.in_token("auc", "7", "auc"), office.in_token("ota", "8", "ota")}) ==
          from_files);
    // One here, one there; and a key in the place of another is not the same.
    CHECK(exported(format, all, {office.in_token("auc", "7", "auc"), office.in_file("ota", "8", ota)}) == from_files);
    CHECK(exported(format, all, {office.in_token("auc", "7", "ota"), office.in_token("ota", "8", "auc")}) !=
          from_files);
  }
  CHECK(exported("vendor-server", all, {office.in_token("auc", "7", "auc")}) ==
        exported("vendor-server", all, {office.in_file("auc", "7", auc)}));
  for (const auto& [label, key] : {std::pair{"auc", auc}, {"ota", ota}}) {
    const test::Scratch another;
    const fs::path file = another / "kek";
    std::ofstream(file) << key;
    fs::permissions(file, fs::perms::owner_read);
    CHECK(exported("wrapped", all, {office.in_token("kek", "k", label)}) ==
          exported("wrapped", all, {{"kek", "k", file}}));
  }
}

TEST_CASE("a token's key that may wrap alone wraps keys, and a key for another use is refused") {
  const Office office;
  office.token.add_secret("wraps", from_hex(auc).value(), {.encrypt = CK_FALSE});
  office.token.add_secret("encrypts", from_hex(auc).value(), {.wrap = CK_FALSE});
  office.token.add_ec("ec");
  const ExportProfile keys = profile_of(fields);
  const auto refused = [&](std::string_view format, const TransportKeySpec& spec) {
    return test::category_of([&] { (void)exported(format, keys, {spec}); });
  };
  CHECK_THAT(exported("wrapped", keys, {office.in_token("kek", "k", "wraps")}),
             Catch::EndsWith("PKCS#11 CKA_CHECK_VALUE\n"));
  CHECK(refused("pskc", office.in_token("kek", "k", "wraps")) == Category::refused);
  CHECK(refused("vendor-server", office.in_token("auc", "7", "wraps")) == Category::refused);
  CHECK(refused("wrapped", office.in_token("kek", "k", "encrypts")) == Category::refused);
  CHECK(test::category_of([&] {
          (void)exported("wrapped", profile_of(std::string(fields) + digits), {office.in_token("kek", "k", "wraps")});
        }) == Category::refused);
  CHECK(refused("wrapped", office.in_token("kek", "k", "ec")) == Category::device);
  CHECK(refused("wrapped", office.in_token("kek", "k", "none")) == Category::device);
  CHECK_NOTHROW(exported("pskc", keys, {office.in_token("kek", "k", "encrypts")}));
}

TEST_CASE("a length that a use does not have is refused of a token's key too") {
  const Office office;
  TransportKeys keys({office.in_token("auc", "7", "auc"), office.in_token("ota", "8", "ota")});
  const std::size_t lengths[] = {32};
  CHECK(test::category_of([&] { (void)keys.aes("auc", lengths); }) == Category::refused);
  CHECK(keys.aes("ota", lengths).bytes() == 32);
}

TEST_CASE("of azure's keys the sender's may live in a token, and the service's is a file") {
  const Office office;
  office.token.add_rsa("vendor");
  office.token.add_ec("ec");
  TransportKeys keys({office.in_token("vendor", "v", "vendor"), office.in_token("azure", "2", "vendor")});
  const auto vendor = keys.rsa_private("vendor");
  CHECK(vendor->sign({}).size() == 256);
  CHECK(keys.used().front().check == hex(public_key_digest(vendor->public_key())));
  CHECK(test::category_of([&] { (void)keys.rsa_public("azure"); }) == Category::usage);
  TransportKeys other({office.in_token("vendor", "v", "ec")});
  CHECK(test::category_of([&] { (void)other.rsa_private("vendor"); }) == Category::refused);
}
