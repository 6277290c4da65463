// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <vector>

#include "core/error.h"
#include "crypto/cms.h"
#include "crypto/merkle.h"
#include "driver/registry.h"
#include "driver/simulated/models.h"
#include "pipeline/key_stream.h"
#include "provision/duplicate_scan.h"
#include "provision/issue.h"
#include "provision/key_package.h"
#include "stats/sp800_90b/non_iid/most_common_value.h"
#include "tests/bench/bench.h"
#include "tests/bench/clock.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

// `batch issue` as a whole and, one by one, the steps every key passes: their times add up to the whole.
namespace lightseed {
namespace {

constexpr std::uint64_t keys_per_sim = 130'000;
constexpr std::size_t key_bytes = 16;
constexpr std::size_t block_bytes = keys_per_sim * key_bytes;
constexpr std::size_t blocks_per_file = 7;

MinEntropy assess(std::span<const std::byte> raw, const SampleFormat&) {
  const auto* const symbols = static_cast<const std::uint8_t*>(static_cast<const void*>(raw.data()));
  MinEntropy claim;
  claim.bits_per_sample = sp800_90b::most_common_value(std::span(symbols, raw.size())).min_entropy;
  claim.basis = MinEntropy::Basis::measured;
  return claim;
}

std::unique_ptr<Source> open_source() {
  SourceRegistry sources;
  simulated::add_models(sources);
  return sources.open("sim:homodyne?seed=1");
}

/// Throw-away parties.
struct Parties {
  Parties() {
    for (const char* const name : {"signer", "perso", "auc"})
      test::make_certificate(scratch.path(), {.name = name});
  }
  [[nodiscard]] std::string file(const char* name) const { return (scratch / name).string(); }
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);
};

/// What a benchmark of threads that work side by side counts as its time.
enum class Time { cpu_of_all_threads, wall };

double issue_whole(benchmark::State& state, Time time, bool audit = false) {
  constexpr std::size_t sims = 12 * blocks_per_file;
  const Parties parties;
  Order order;
  order.sha256 = "of the benchmark";
  OrderLineCollector lines;
  for (std::size_t i = 0; i < sims; ++i) {
    OrderLine line;
    line.iccid = std::to_string(8'988'211'000'000'000'000 + i);
    line.imsi = std::to_string(100'000'000'000'000 + i);
    lines.add(line);
  }
  order.lines = lines.finish();
  int round = 0;
  double used = 0;
  for (auto _ : state) {
    order.id = "order-" + std::to_string(++round);
    const IssueRequest request{.order = order,
                               .keys_per_sim = keys_per_sim,
                               .key_bytes = key_bytes,
                               .outlets = {{"card", Recipient::read(parties.file("perso.crt"), parties.now)},
                                           {"network", Recipient::read(parties.file("auc.crt"), parties.now)}},
                               .signer = Signer(parties.file("signer.crt"), parties.file("signer.key"), parties.now),
                               .ledger = parties.file("ledger.db"),
                               .directory = parties.file(order.id.c_str()),
                               .top_up = true,
                               .audit = audit};
    IssueServices services;
    services.open_source = open_source;
    services.assess = assess;
    const auto now = [&] { return time == Time::wall ? bench::wall_seconds() : bench::process_cpu_seconds(); };
    const double begin = now();
    (void)issue(request, services);
    used += now() - begin;
    std::filesystem::remove_all(request.directory);
  }
  state.counters["seconds"] = used / static_cast<double>(state.iterations());
  return static_cast<double>(sims * block_bytes * 8);
}

double key_stream(benchmark::State& state) {
  const auto source = open_source();
  KeyStream keys(*source, {.bytes = std::uint64_t{1} << 42}, assess, {});
  SecretBytes block(block_bytes);
  for (auto _ : state)
    keys.fill(block.bytes(), {});
  return static_cast<double>(block_bytes * 8);
}

/// A package of one file, filled with keys.
struct FilledPackage {
  FilledPackage() : package("batch", headers(), keys_per_sim, key_bytes) {
    const auto source = open_source();
    KeyStream keys(*source, {.bytes = blocks_per_file * block_bytes}, assess, {});
    for (std::size_t i = 0; i < blocks_per_file; ++i)
      keys.fill(package.keys(i), {});
  }
  static std::vector<BlockHeader> headers() {
    std::vector<BlockHeader> all(blocks_per_file);
    for (BlockHeader& header : all) {
      header.iccid = "8988211000000000011";
      header.imsi = "001010000000001";
    }
    return all;
  }
  KeyPackage package;
  static constexpr double bits = blocks_per_file * block_bytes * 8;
};

double leaves(benchmark::State& state) {
  FilledPackage filled;
  const BlockHeader header = FilledPackage::headers()[0];
  for (auto _ : state) {
    for (std::size_t i = 0; i < blocks_per_file; ++i) {
      benchmark::DoNotOptimize(merkle_leaf(header.salt, header.id, header.iccid, filled.package.keys(i)));
    }
  }
  return FilledPackage::bits;
}

double duplicates(benchmark::State& state) {
  FilledPackage filled;
  DuplicateScan scan(key_bytes);
  std::vector<std::span<const std::byte>> blocks;
  for (std::size_t i = 0; i < blocks_per_file; ++i)
    blocks.emplace_back(filled.package.keys(i));
  for (auto _ : state) {
    if (scan.find(blocks)) state.SkipWithError("equal keys");
  }
  return FilledPackage::bits;
}

double sign(benchmark::State& state) {
  const Parties parties;
  const Signer signer(parties.file("signer.crt"), parties.file("signer.key"), parties.now);
  FilledPackage filled;
  for (auto _ : state)
    benchmark::DoNotOptimize(sign_package(filled.package.der(), signer));
  return FilledPackage::bits;
}

/// Encrypting and hashing for one side; a batch does it twice.
double envelope(benchmark::State& state) {
  const Parties parties;
  const Signer signer(parties.file("signer.crt"), parties.file("signer.key"), parties.now);
  const Recipient recipient = Recipient::read(parties.file("perso.crt"), parties.now);
  FilledPackage filled;
  const SignedPackage signed_package = sign_package(filled.package.der(), signer);
  for (auto _ : state) {
    Sha256 hash;
    envelop(signed_package, recipient, [&](std::span<const std::byte> piece) { hash.update(piece); });
    benchmark::DoNotOptimize(hash.digest());
  }
  return FilledPackage::bits;
}

bench::Goal gbit(double goal) {
  return {.unit = "Gbit/s keys", .scale = 1e9, .goal = goal};
}

const bool registered_batch[] = {
    bench::add("batch/issue, on one core (CPU of all threads)", gbit(1.3),
               [](benchmark::State& state) { return issue_whole(state, Time::cpu_of_all_threads); }),
    bench::add("batch/issue, on all cores (wall)", gbit(2.4),
               [](benchmark::State& state) { return issue_whole(state, Time::wall); }),
    bench::add("batch/issue --audit, on one core (CPU of all threads)", gbit(0),
               [](benchmark::State& state) { return issue_whole(state, Time::cpu_of_all_threads, true); }),
    bench::add("batch/issue --audit, on all cores (wall)", gbit(0),
               [](benchmark::State& state) { return issue_whole(state, Time::wall, true); }),
    bench::add("batch/step: source, gate, digest, extractor", gbit(0), key_stream),
    bench::add("batch/step: Merkle leaves", gbit(0), leaves),
    bench::add("batch/step: duplicate scan", gbit(0), duplicates),
    bench::add("batch/step: signature", gbit(0), sign),
    bench::add("batch/step: envelope and digest, one side", gbit(0), envelope),
};

}  // namespace
}  // namespace lightseed
