// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>
#include <vector>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/registry.h"
#include "driver/sidecar.h"
#include "driver/simulated/models.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

std::unique_ptr<Source> open(const std::string& uri) {
  SourceRegistry sources;
  add_devices(sources);
  simulated::add_models(sources);
  return sources.open(uri);
}

/// A capture of `count` samples with its side-car, the provenance as wished.
void write_capture(const std::filesystem::path& raw, std::size_t count, Provenance provenance) {
  const auto source = open("sim:homodyne?seed=1");
  std::vector<std::byte> samples(count);
  source->start({});
  REQUIRE(source->read(samples, {}).bytes == count);
  std::ofstream(raw, std::ios::binary)
      .write(static_cast<const char*>(static_cast<const void*>(samples.data())), static_cast<std::streamsize>(count));
  Sidecar sidecar{
      .source = source->info(), .samples = count, .bytes = count, .sha256 = hex(sha256(samples)), .created = "now"};
  sidecar.source.provenance = provenance;
  // A side-car that calls what a simulator made anything else is refused.
  if (provenance == Provenance::hardware) sidecar.source.driver = "usb:quantis";
  std::ofstream(sidecar_path(raw)) << to_json(sidecar);
}

}  // namespace

TEST_CASE("a capture replays, with the claim of its side-car") {
  const test::Scratch scratch;
  const auto raw = scratch / "raw.bin";
  write_capture(raw, 5000, Provenance::simulated);
  const auto source = open("file:" + raw.string());
  CHECK(source->info().claim.bits_per_sample == Approx(6.369).margin(1e-3));
  source->start({});
  std::vector<std::byte> samples(4000);
  CHECK(source->read(samples, {}).state == ReadState::ok);
  const Read rest = source->read(samples, {});
  CHECK(rest.bytes == 1000);
  CHECK(rest.state == ReadState::end_of_data);
}

TEST_CASE("a recording is never better than recorded, and a simulated one stays simulated") {
  const test::Scratch scratch;
  write_capture(scratch / "hardware", 100, Provenance::hardware);
  // Another length: the same bytes would be the same recording, whatever their names.
  write_capture(scratch / "simulated", 200, Provenance::simulated);
  CHECK(open("file:" + (scratch / "hardware").string())->info().provenance == Provenance::recorded);
  CHECK(open("file:" + (scratch / "simulated").string())->info().provenance == Provenance::simulated);
}

TEST_CASE("a changed or shortened capture is refused") {
  const test::Scratch scratch;
  const auto raw = scratch / "raw.bin";
  write_capture(raw, 1000, Provenance::simulated);
  std::fstream(raw, std::ios::in | std::ios::out | std::ios::binary).put('\x7f');
  CHECK_THROWS_WITH(open("file:" + raw.string())->start({}), Catch::Contains("SHA-256"));
  std::filesystem::resize_file(raw, 999);
  CHECK_THROWS_WITH(open("file:" + raw.string()), Catch::Contains("not whole"));
}

TEST_CASE("without a side-car the caller states format and claim, and a malformed side-car is named") {
  const test::Scratch scratch;
  const auto raw = scratch / "raw.bin";
  std::ofstream(raw) << "0123456789";
  const auto source = open("file:" + raw.string() + "?bits=8&entropy=3.5");
  CHECK(source->info().claim.bits_per_sample == 3.5);
  CHECK(source->info().claim.basis == MinEntropy::Basis::stated);
  CHECK(source->info().provenance == Provenance::recorded);
  CHECK(open("file:" + raw.string())->info().claim.bits_per_sample == 0);
  CHECK_THROWS_AS(open("file:" + raw.string() + "?bits=17"), Error);
  CHECK_THROWS_AS(open("file:" + raw.string() + "?bits=8&entropy=9"), Error);
  CHECK_THROWS_AS(open("file:" + (scratch / "missing").string()), Error);
  for (const char* const text : {"", "{", "[]", R"({"schema":"other"})", R"({"schema":"lightseed/capture/v1"})"}) {
    std::ofstream(sidecar_path(raw)) << text;
    CHECK_THROWS_AS(open("file:" + raw.string()), Error);
  }
}

TEST_CASE("a simulator's capture stays one under another name, through a link, and beside an edited side-car") {
  const test::Scratch scratch;
  const auto raw = scratch / "raw";
  write_capture(raw, 1000, Provenance::simulated);
  const auto provenance_of = [](const std::filesystem::path& path) {
    return open("file:" + path.string() + (std::filesystem::exists(sidecar_path(path)) ? "" : "?entropy=6"))
        ->info()
        .provenance;
  };
  SECTION("renamed, the side-car left behind") {
    std::filesystem::rename(raw, scratch / "renamed");
    CHECK(provenance_of(scratch / "renamed") == Provenance::simulated);
  }
  SECTION("a hard link") {
    std::filesystem::create_hard_link(raw, scratch / "hard");
    CHECK(provenance_of(scratch / "hard") == Provenance::simulated);
  }
  SECTION("a copy beside it") {
    std::filesystem::copy_file(raw, scratch / "copy");
    CHECK(provenance_of(scratch / "copy") == Provenance::simulated);
  }
  SECTION("a symbolic link from another folder") {
    const test::Scratch elsewhere;
    std::filesystem::create_symlink(raw, elsewhere / "link");
    CHECK(provenance_of(elsewhere / "link") == Provenance::simulated);
  }
  SECTION("an edited side-car beside a copy") {
    std::filesystem::copy_file(raw, scratch / "copy");
    Sidecar edited = read_sidecar(sidecar_path(raw));
    edited.source.provenance = Provenance::hardware;
    edited.source.driver = "usb:quantis";
    std::ofstream(sidecar_path(scratch / "copy")) << to_json(edited);
    CHECK(provenance_of(scratch / "copy") == Provenance::simulated);
  }
  SECTION("alone in another folder, with a side-car that calls a simulator hardware") {
    const test::Scratch elsewhere;
    std::filesystem::copy_file(raw, elsewhere / "raw");
    Sidecar edited = read_sidecar(sidecar_path(raw));
    edited.source.driver = "sim:homodyne";
    edited.source.provenance = Provenance::hardware;
    std::ofstream(sidecar_path(elsewhere / "raw")) << to_json(edited);
    CHECK_THROWS_WITH(provenance_of(elsewhere / "raw"), Catch::Contains("it was changed"));
  }
  SECTION("other bytes of the same length are another recording") {
    std::ofstream(scratch / "other") << std::string(1000, 'x');
    CHECK(provenance_of(scratch / "other") == Provenance::recorded);
  }
}

TEST_CASE("a side-car that is not exactly one is refused, with the member that is wrong") {
  const test::Scratch scratch;
  const auto raw = scratch / "raw";
  write_capture(raw, 1000, Provenance::simulated);
  const Json whole = to_json(read_sidecar(sidecar_path(raw)));
  const auto [member, spoil] = GENERATE(table<std::string, void (*)(Json&)>({
      {"sha256", [](Json& json) { json["sha256"] = ""; }},
      {"sha256", [](Json& json) { json["sha256"] = std::string(64, 'G'); }},
      {"sha256", [](Json& json) { json.erase("sha256"); }},
      {"samples", [](Json& json) { json["samples"] = 1000.0; }},
      {"samples", [](Json& json) { json["samples"] = -1; }},
      {"bytes", [](Json& json) { json["bytes"] = 999; }},
      {"provenance", [](Json& json) { json["source"]["provenance"] = "real"; }},
      {"parameters", [](Json& json) { json["source"]["parameters"] = 7; }},
      {"surprise", [](Json& json) { json["surprise"] = true; }},
      {"after_samples", [](Json& json) { json["gaps"] = {{{"after_samples", 1001}, {"words", "x"}}}; }},
  }));
  Json json = whole;
  spoil(json);
  std::ofstream(sidecar_path(raw)) << json;
  INFO(member);
  try {
    (void)open("file:" + raw.string());
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.category() == Category::io);
    CHECK(std::string(error.what()).find(member) != std::string::npos);
  }
}

TEST_CASE("what happened during a capture is read back as it was written") {
  const test::Scratch scratch;
  const auto raw = scratch / "raw";
  write_capture(raw, 1000, Provenance::recorded);
  Sidecar sidecar = read_sidecar(sidecar_path(raw));
  sidecar.restarts = {10, 100};
  sidecar.gaps = {{500, "the port is gone; opening it again helped"}};
  sidecar.ended_early = "asked to stop";
  std::ofstream(sidecar_path(raw)) << to_json(sidecar);
  CHECK(to_json(read_sidecar(sidecar_path(raw))) == to_json(sidecar));
}

TEST_CASE("a folder, a device and a pipe are no recordings") {
  const test::Scratch scratch;
  for (const std::string& path : {scratch.path().string(), std::string("/dev/zero")}) {
    INFO(path);
    CHECK_THROWS_AS(open("file:" + path), Error);
  }
}
