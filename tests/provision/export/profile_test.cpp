// SPDX-License-Identifier: Apache-2.0
#include "provision/export/profile.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "tests/test_paths.h"

using namespace lightseed;

namespace {

std::string profile_of_fields(const std::string& fields, const std::string& rest = {}) {
  return fmt::format(R"({{"schema":"lightseed/export-profile/v1","name":"p","fields":[{}]{}}})", fields, rest);
}

/// Why a profile is refused; "taken" when it is not.
std::string profile_fault(const std::string& text) {
  try {
    (void)parse_export_profile(text, "file.json");
    return "taken";
  } catch (const Error& error) {
    CHECK(error.category() == Category::malformed);
    CHECK_THAT(error.what(), Catch::StartsWith("the profile file.json: "));
    return error.what();
  }
}

constexpr const char* ki = R"({"name":"ki","bytes":16})";

}  // namespace

TEST_CASE("a profile's fields lie behind each other in the block") {
  const ExportProfile profile = parse_export_profile(
      profile_of_fields(R"({"name":"ki","bytes":16},{"name":"pin1","digits":4},{"name":"kic1","bytes":24})"), "p");
  REQUIRE(profile.fields.size() == 3);
  CHECK(profile.fields[1].first == 16);
  CHECK(profile.fields[1].block_bytes == 20);
  CHECK(profile.fields[2].first == 36);
  CHECK(profile.block_bytes() == 60);
}

TEST_CASE("the profile that is shipped is one") {
  const ExportProfile profile = read_export_profile(std::string(test::source_folder()) + "/docs/export-profile.json");
  CHECK(profile.name == "trial-usim");
  CHECK(profile.block_bytes() == 192);
}

TEST_CASE("a profile with an impossible length is refused, naming the member") {
  const auto of_field = [](const std::string& field) { return profile_fault(profile_of_fields(field)); };
  CHECK_THAT(of_field(R"({"name":"ki","bytes":15})"), Catch::Contains("fields[0].bytes: 15 is no length of ki"));
  CHECK_THAT(of_field(R"({"name":"ki","bytes":0})"), Catch::Contains("fields[0].bytes: 0 is no length of ki"));
  CHECK_THAT(of_field(R"({"name":"ki","bytes":24})"), Catch::Contains("16 or 32 bytes"));
  CHECK_THAT(of_field(R"({"name":"ki","bytes":-16})"), Catch::Contains("fields[0].bytes"));
  CHECK_THAT(of_field(R"({"name":"ki","bytes":16.0})"), Catch::Contains("fields[0].bytes"));
  CHECK_THAT(of_field(R"({"name":"ki","bytes":18446744073709551616})"), Catch::Contains("fields[0].bytes"));
  CHECK_THAT(of_field(R"({"name":"ki","bytes":"16"})"), Catch::Contains("fields[0].bytes"));
  CHECK_THAT(of_field(R"({"name":"ki","digits":16})"), Catch::Contains("fields[0].bytes: it is missing"));
  CHECK_THAT(of_field(std::string(ki) + R"(,{"name":"opc","bytes":32})"), Catch::Contains("fields[1].bytes"));
  CHECK_THAT(of_field(std::string(ki) + R"(,{"name":"kic1","bytes":8})"), Catch::Contains("16 or 24 or 32 bytes"));
  CHECK_THAT(of_field(std::string(ki) + R"(,{"name":"pin1","digits":3})"), Catch::Contains("fields[1].digits"));
  CHECK_THAT(of_field(std::string(ki) + R"(,{"name":"pin1","digits":9})"), Catch::Contains("fields[1].digits"));
  CHECK_THAT(of_field(std::string(ki) + R"(,{"name":"puk1","digits":7})"), Catch::Contains("fields[1].digits"));
  CHECK_THAT(of_field(std::string(ki) + R"(,{"name":"pin1","bytes":4})"), Catch::Contains("fields[1].digits"));
}

TEST_CASE("what a profile cannot mean is refused") {
  CHECK_THAT(profile_fault("{"), Catch::Contains("no JSON"));
  CHECK_THAT(profile_fault("[]"), Catch::Contains("no object"));
  CHECK_THAT(profile_fault(R"({"schema":"lightseed/export-profile/v2"})"), Catch::Contains("schema"));
  CHECK_THAT(profile_fault(profile_of_fields("")), Catch::Contains("fields: none is ki"));
  CHECK_THAT(profile_fault(profile_of_fields(R"({"name":"opc","bytes":16})")), Catch::Contains("fields: none is ki"));
  CHECK_THAT(profile_fault(profile_of_fields(std::string(ki) + "," + ki)),
             Catch::Contains("fields[1].name: ki is there twice"));
  CHECK_THAT(profile_fault(profile_of_fields(R"({"name":"k4","bytes":16})")),
             Catch::Contains("fields[0].name: it is none of"));
  CHECK_THAT(profile_fault(profile_of_fields(R"({"name":"ki","bytes":16,"at":3})")), Catch::Contains("fields[0].at"));
  CHECK_THAT(
      profile_fault(profile_of_fields(std::string(ki) + R"(,{"name":"op","bytes":16},{"name":"opc","bytes":16})")),
      Catch::Contains("op and opc are both there"));
  CHECK_THAT(profile_fault(profile_of_fields(R"({"name":"ki","bytes":32},{"name":"op","bytes":16})")),
             Catch::Contains("Milenage"));
  CHECK_THAT(profile_fault(profile_of_fields(ki, R"(,"colour":1)")), Catch::Contains("colour"));
  CHECK_THAT(profile_fault(profile_of_fields(ki, R"(,"vendor":{"separator":"0"})")),
             Catch::Contains("vendor.separator"));
  CHECK_THAT(profile_fault(profile_of_fields(ki, R"(,"vendor":{"separator":""})")),
             Catch::Contains("vendor.separator"));
  CHECK_THAT(profile_fault(profile_of_fields(ki, R"(,"vendor":{"graph":[]})")), Catch::Contains("vendor.graph"));
  CHECK_THAT(profile_fault(profile_of_fields(ki, R"(,"pysim":{"key_set":"X"})")), Catch::Contains("pysim.key_set"));
  CHECK_THAT(profile_fault(profile_of_fields(ki, R"(,"azure":{"sim_policy":"a\"b"})")),
             Catch::Contains("azure.sim_policy"));
  CHECK(profile_fault(profile_of_fields(ki)) == "taken");
}
