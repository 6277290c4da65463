// SPDX-License-Identifier: Apache-2.0
#include "provision/export/format.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/base64.h"
#include "provision/export/vendor.h"
#include "tests/category_of.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

/// The block of the tests: test set 1 of 3GPP TS 35.207 (K, OP), then bytes that count up.
std::vector<std::byte> block_bytes() {
  auto bytes = from_hex("465b5ce8b199b49faa5f0a2ee238a6bccdc202d5123e20f62b6d676ac72cb318").value();
  for (unsigned i = 0; i < 100; ++i)
    bytes.push_back(static_cast<std::byte>(i));
  return bytes;
}

ExportProfile profile_with(const std::string& fields, const std::string& rest = {}) {
  return parse_export_profile(
      R"({"schema":"lightseed/export-profile/v1","name":"p","fields":[{"name":"ki","bytes":16})" + fields + "]" + rest +
          "}",
      "p");
}

/// What a format makes of one SIM.
class Export {
 public:
  /// A key file of 16 bytes, mode 0400, for transport keys.
  [[nodiscard]] fs::path key() const {
    const fs::path path = scratch_ / "key";
    if (!fs::exists(path)) std::ofstream(path) << "000102030405060708090a0b0c0d0e10\n";
    fs::permissions(path, fs::perms::owner_read);
    return path;
  }

  [[nodiscard]] std::string of(std::string_view format, const ExportProfile& profile,
                               std::vector<TransportKeySpec> specs = {}, const std::string& imsi = "001010000000001",
                               const std::string& iccid = "8988211000000000017") const {
    std::string written;
    LockedText out([&](std::span<const std::byte> bytes) { written += text_of(bytes); });
    CredentialCutter cutter(profile);
    TransportKeys keys(std::move(specs));
    const auto exporter = export_named(format).make({profile, cutter, keys, out});
    keys.require_all_taken(format);
    CertifiedBatch batch;
    batch.id = "b";
    batch.created = "2026-11-28T00:00:00Z";
    exporter->begin(batch, 1);
    const auto bytes = block_bytes();
    PackagedBlock block{.header = {}, .key_count = 1, .keys = bytes};
    block.header.iccid = iccid;
    block.header.imsi = imsi;
    exporter->write(cutter.cut(block));
    exporter->end();
    out.flush();
    return written;
  }

  [[nodiscard]] std::string refused(std::string_view format, const ExportProfile& profile,
                                    std::vector<TransportKeySpec> specs = {}) const {
    try {
      (void)of(format, profile, std::move(specs));
    } catch (const Error& error) {
      CHECK(error.category() == Category::usage);
      return error.what();
    }
    return "taken";
  }

 private:
  test::Scratch scratch_;
};

constexpr const char* op_field = R"(,{"name":"op","bytes":16})";

}  // namespace

TEST_CASE("text in locked memory is the same text") {
  std::string written;
  std::size_t largest = 0;
  LockedText out([&](std::span<const std::byte> bytes) {
    written += text_of(bytes);
    largest = std::max(largest, bytes.size());
  });
  std::string wanted;
  std::vector<std::byte> bytes;
  // Lengths from 0 on, until the buffer was handed on several times, and a text that is larger than it.
  for (unsigned i = 0; i < 600; ++i) {
    out.base64(bytes).text("|").hex(bytes).upper_hex(bytes).text("\n");
    std::string upper = hex(bytes);
    for (char& c : upper)
      c = static_cast<char>(std::toupper(c));
    wanted += base64(bytes) + "|" + hex(bytes) + upper + "\n";
    bytes.push_back(static_cast<std::byte>(i * 37));
  }
  const std::string large(200'000, 'x');
  out.text(large).flush();
  out.flush();
  CHECK(written == wanted + large);
  CHECK(largest == 65536);
}

TEST_CASE("every format has a name of its own, and others are not known") {
  for (const ExportFormat& format : exports())
    CHECK(&export_named(format.name) == &format);
  CHECK(test::category_of([] { (void)export_named("punched-cards"); }) == Category::usage);
}

TEST_CASE("the SQL for osmo-hlr has K and OPc, and no OP") {
  const std::string sql = Export().of("osmo-hlr", profile_with(op_field));
  CHECK_THAT(sql, Catch::StartsWith("-- 1 SIM of batch b") && Catch::EndsWith("COMMIT;\n"));
  CHECK_THAT(sql, Catch::Contains("-- SIMULATED – NOT FOR PRODUCTION\nBEGIN;\n"
                                  "INSERT INTO subscriber (imsi) VALUES ('001010000000001');\n"
                                  "INSERT INTO auc_3g (subscriber_id,algo_id_3g,k,op,opc,sqn,ind_bitlen) SELECT id,5,"
                                  "'465b5ce8b199b49faa5f0a2ee238a6bc',NULL,'cd63cb71954a9f4e48a5994e37a02baf',0,5 "
                                  "FROM subscriber WHERE imsi='001010000000001';\n"));
  CHECK_THAT(Export().refused("osmo-hlr", profile_with("")), Catch::Contains("needs opc"));
}

TEST_CASE("numbers are written as a card stores them") {
  CHECK(swapped_digits("8988211000000000017") == "988812010000000010f7");
  CHECK(swapped_digits("89882110000000000457") == "98881201000000004075");
  CHECK(card_imsi("001010000000001") == "080910100000000010");
  CHECK(card_imsi("00101000000009") == "0801101000000000f9");
}

TEST_CASE("vendor files have the columns that the profile wants, and none with an OP") {
  const Export exported;
  const std::string pin = R"(,{"name":"pin1","digits":4})";
  const TransportKeySpec auc{"auc", "7", exported.key()};
  // Bytes 32 to 35 of the block count up from 0.
  const std::string elect = exported.of("vendor-elect", profile_with(op_field + pin), {auc});
  CHECK_THAT(elect, Catch::StartsWith("BATCH_ID: b\nTIMESTAMP: 2026-11-28T00:00:00Z\nQUANTITY: 1\nPRODUCT_ID: p\n"
                                      "PURPOSE: TEST\nIMSIS_PER_ICCID: 1\nTRANSPORT_KEY_INDEX_AUC: 7\n"
                                      "TRANSPORT_KEY_INDEX_OTA: 0\nICCID,IMSI,EKI,OPC,PIN1,ACC\n"
                                      "988812010000000010f7,080910100000000010,0D992B9C53456F0EC033B580EB66C2A1,"
                                      "CD63CB71954A9F4E48A5994E37A02BAF,30313233ffffffff,0002\n"));
  const std::string server = exported.of(
      "vendor-server", profile_with(op_field + pin, R"(,"vendor":{"separator":";","server":["KI","PIN1","ICCID"]})"));
  CHECK_THAT(server, Catch::Contains("_AUC: 0\n") &&
                         Catch::EndsWith("\nKI;PIN1;ICCID\n"
                                         "465B5CE8B199B49FAA5F0A2EE238A6BC;0123;8988211000000000017\n"));
  const auto why = [&](const std::string& columns, std::vector<TransportKeySpec> specs = {}) {
    return exported.refused("vendor-server", profile_with(op_field, R"(,"vendor":{"server":[)" + columns + "]}"),
                            std::move(specs));
  };
  CHECK_THAT(why(R"("OP")"), Catch::Contains("no column OP"));
  CHECK_THAT(why(R"("K4")"), Catch::Contains("no column K4"));
  CHECK_THAT(why(R"("EKI")"), Catch::Contains("no transport key for auc"));
  CHECK_THAT(why(R"("KI")", {auc}), Catch::Contains("it is EKI"));
  CHECK_THAT(why(R"("ICCID","ICCID")"), Catch::Contains("twice"));
  CHECK_THAT(why(R"("PUK1")"), Catch::Contains("does not give it"));
  CHECK_THAT(why(R"("ki")"), Catch::Contains("does not give it"));
  for (const char* const index : {"0", "01", "1000", "x"})
    CHECK_THAT(why(R"("EKI")", {{"auc", index, exported.key()}}), Catch::Contains("index from 1 to 999"));
}

TEST_CASE("keys of several blocks of AES get no column where equal blocks would show") {
  const Export exported;
  const auto long_k = parse_export_profile(
      R"({"schema":"lightseed/export-profile/v1","name":"p","fields":[{"name":"ki","bytes":32}]})", "p");
  CHECK_THAT(exported.refused("vendor-server", long_k, {{"auc", "7", exported.key()}}),
             Catch::Contains("no one block of AES"));
  CHECK_THAT(exported.refused("pysim", profile_with(R"(,{"name":"kic1","bytes":24})"),
                              {{"auc", "a", exported.key()}, {"ota", "o", exported.key()}}),
             Catch::Contains("kic1 of the profile p has 24 bytes"));
}

TEST_CASE("an ICCID with letters that no card stores gets no ELECT file") {
  const Export exported;
  CHECK(test::category_of([&] {
          (void)exported.of("vendor-elect", profile_with(""), {}, "460030000000001", "898603T0000000000012");
        }) == Category::usage);
  CHECK_THAT(exported.of("vendor-server", profile_with(""), {}, "460030000000001", "898603T0000000000012"),
             Catch::Contains("\n898603T0000000000012,460030000000001,"));
}

TEST_CASE("pySim's columns are encrypted under the key of their own, else of their group") {
  const Export exported;
  CHECK_THAT(exported.of("pysim", profile_with(op_field), {{"auc", "a", exported.key()}}),
             Catch::StartsWith("ICCID,IMSI,KI,OPC\n8988211000000000017,001010000000001,"
                               "057a3192e8801d5b3ed50c63b0fccbcb,0e5305835a767f6e743b36aa69e89cbd\n"));
  CHECK_THAT(exported.refused("pysim", profile_with("")), Catch::Contains("a transport key for auc, or for ki"));
  CHECK_THAT(exported.refused("pysim", profile_with(""), {{"ki", "k", exported.key()}, {"auc", "a", exported.key()}}),
             Catch::Contains("no use for a transport key for auc"));
}

TEST_CASE("every credential is wrapped by itself") {
  const Export exported;
  CHECK(exported.of("wrapped", profile_with(R"(,{"name":"pin1","digits":4})"), {{"kek", "k", exported.key()}}) ==
        "iccid,imsi,credential,wrap,blob\n"
        "8988211000000000017,001010000000001,ki,rfc3394,7f18f108e027a1afd4388a67fbf0c37f6cf2046c388233c3\n"
        "8988211000000000017,001010000000001,pin1,rfc5649,402850ec89f4a34571f8be792af6bd10\n");
}

TEST_CASE("PSKC names what it holds, and the secrets are not in it") {
  const Export exported;
  const std::string xml =
      exported.of("pskc", profile_with(R"(,{"name":"pin1","digits":4})"), {{"kek", "shared", exported.key()}});
  CHECK_THAT(xml, Catch::StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") &&
                      Catch::Contains("<ds:KeyName>shared</ds:KeyName>") &&
                      Catch::Contains("Id=\"8988211000000000017.ki\">") &&
                      Catch::Contains("<ResponseFormat Length=\"4\" Encoding=\"DECIMAL\"/>") &&
                      Catch::EndsWith("</KeyContainer>\n"));
  const auto block = block_bytes();
  CHECK(xml.find(base64(std::span(block).first(15))) == std::string::npos);
}
