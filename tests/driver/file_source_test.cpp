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
  write_capture(scratch / "simulated", 100, Provenance::simulated);
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
