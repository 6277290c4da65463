// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "provision/export/format.h"
#include "tests/bench/bench.h"
#include "tests/scratch.h"

// Formats of `batch export`: from a SIM's opened block to the bytes of its line. Opening the batch comes to that.

namespace lightseed {
namespace {

constexpr std::size_t sims = 1000;
constexpr const char* usim =
    R"({"schema":"lightseed/export-profile/v1","name":"usim","fields":[{"name":"ki","bytes":16},{"name":"op","bytes":16},
{"name":"kic1","bytes":16},{"name":"kid1","bytes":16},{"name":"kik1","bytes":16},{"name":"pin1","digits":4},
{"name":"puk1","digits":8},{"name":"adm1","digits":8}]})";

double export_as(benchmark::State& state, std::string_view format, const std::vector<std::string>& uses) {
  const test::Scratch scratch;
  const std::filesystem::path file = scratch / "key";
  std::ofstream(file) << "000102030405060708090a0b0c0d0e10";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  std::vector<TransportKeySpec> specs;
  for (const std::string& use : uses)
    specs.push_back({use, "1", file});

  const ExportProfile profile = parse_export_profile(usim, "usim");
  CredentialCutter cutter(profile);
  TransportKeys keys(specs);
  std::size_t bytes = 0;
  LockedText out([&](std::span<const std::byte> piece) { bytes += piece.size(); });
  const auto exporter = export_named(format).make({profile, cutter, keys, out});
  std::vector<std::byte> block(profile.block_bytes());
  PackagedBlock packaged{.header = {}, .key_count = 1, .keys = block};
  packaged.header.iccid = "8988211000000000011";
  packaged.header.imsi = "001010000000001";
  exporter->begin({}, sims);
  for (auto _ : state) {
    for (std::size_t i = 0; i < sims; ++i) {
      block[i % block.size()] ^= std::byte{1};
      exporter->write(cutter.cut(packaged));
    }
  }
  out.flush();
  benchmark::DoNotOptimize(bytes);
  return static_cast<double>(sims);
}

bool add(std::string_view format, const std::vector<std::string>& uses, double goal) {
  return bench::add("export/" + std::string(format), {.unit = "k SIMs/s", .scale = 1e3, .goal = goal},
                    [=](benchmark::State& state) { return export_as(state, format, uses); });
}

const bool registered_exports[] = {add("osmo-hlr", {}, 100),           add("vendor-elect", {"auc", "ota"}, 100),
                                   add("vendor-server", {"auc"}, 100), add("pysim", {"auc", "ota"}, 100),
                                   add("wrapped", {"kek"}, 0),         add("pskc", {"kek"}, 0)};

}  // namespace
}  // namespace lightseed
