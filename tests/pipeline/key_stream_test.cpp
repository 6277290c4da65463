// SPDX-License-Identifier: Apache-2.0
#include "pipeline/key_stream.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "entropy/extract/registry.h"
#include "pipeline/pool.h"
#include "pipeline/run_faults.h"
#include "pipeline/seed_source.h"
#include "tests/category_of.h"
#include "tests/pipeline/measure.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using test::measure;
using test::simulated_source;

namespace {

Assess measuring(double bits) {
  return [bits](std::span<const std::byte> raw, const SampleFormat&) {
    CHECK(raw.size() == 1'000'000);
    return measure(bits);
  };
}

/// A source that plays a script: each step fills the span with noise and ends the read in a state.
class ScriptedSamples final : public Source {
 public:
  explicit ScriptedSamples(std::vector<ReadState> script)
      : noise_(simulated_source("sim:homodyne?seed=1")), script_(std::move(script)) {
    noise_->start({});
  }
  [[nodiscard]] const SourceInfo& info() const noexcept override { return noise_->info(); }
  void start(const Patience&) override {}
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    const ReadState state = reads_ < script_.size() ? script_[reads_] : ReadState::ok;
    ++reads_;
    if (state == ReadState::ok) return noise_->read(out, patience);
    return {0, state, "as the script says"};
  }
  void stop() noexcept override {}
  [[nodiscard]] std::size_t reads() const noexcept { return reads_; }

 private:
  std::unique_ptr<Source> noise_;
  std::vector<ReadState> script_;
  std::size_t reads_ = 0;
};

Category failure_of(Source& source, std::size_t bytes = 100'000) {
  try {
    KeyStream keys(source, {.bytes = bytes}, measuring(7), {});
    std::vector<std::byte> out(bytes, std::byte{0xEE});
    try {
      keys.fill(out, {});
    } catch (const Error&) {
      CHECK(std::all_of(out.begin(), out.end(), [](std::byte b) { return b == std::byte{0}; }));
      throw;
    }
  } catch (const Error& e) {
    return e.category();
  }
  FAIL("no error");
  return Category::usage;
}

}  // namespace

TEST_CASE("the lower of claim and measurement is used") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  CHECK(KeyStream(*source, {.bytes = 1000}, measuring(5), {}).plan().request.bits_per_sample == 5);
  CHECK(KeyStream(*source, {.bytes = 1000}, measuring(8), {}).plan().request.bits_per_sample ==
        source->info().claim.bits_per_sample);
}

TEST_CASE("keys differ from run to run even from the same samples: the extractor's seed is fresh") {
  std::vector<std::byte> first(1000);
  std::vector<std::byte> second(1000);
  for (auto* const out : {&first, &second}) {
    const auto source = simulated_source("sim:homodyne?seed=1");
    KeyStream(*source, {.bytes = 1000}, measuring(7), {}).fill(*out, {});
  }
  CHECK(first != second);
}

TEST_CASE("each health fault ends in a health error and wiped output") {
  for (const char* const fault : {"stuck", "bias", "dead"}) {
    CAPTURE(fault);
    CHECK(failure_of(*simulated_source(std::string("sim:homodyne?seed=1&fault=") + fault + "@1100000"), 1'000'000) ==
          Category::health);
    CHECK(failure_of(*simulated_source(std::string("sim:homodyne?seed=1&fault=") + fault + "@0")) == Category::health);
  }
}

TEST_CASE("what ends a source's flow ends the stream with the right category") {
  using enum ReadState;
  const std::pair<ReadState, Category> cases[] = {{end_of_data, Category::not_enough_data},
                                                  {disconnected, Category::device},
                                                  {fault, Category::device},
                                                  {alarm, Category::health},
                                                  {stopped, Category::interrupted}};
  for (const auto& [state, category] : cases) {
    for (const std::size_t after : {0, 1, 2}) {
      CAPTURE(name_of(state), after);
      std::vector<ReadState> script(after, ok);
      script.push_back(state);
      ScriptedSamples source(script);
      CHECK(failure_of(source) == category);
    }
  }
}

TEST_CASE("after a recovery the start-up test runs again and the stream goes on, on record") {
  using enum ReadState;
  // start-up, sixteen pieces of the assessment, first chunk: restarted; new start-up, chunk.
  std::vector<ReadState> script(17, ok);
  script.push_back(restarted);
  ScriptedSamples source(script);
  KeyStream keys(source, {.bytes = 1000}, measuring(7), {});
  std::vector<std::byte> out(1000);
  keys.fill(out, {});
  const RunRecord record = keys.record();
  CHECK(record.gate.health.start_up_tests_passed == 2);
  CHECK(record.gate.health.recoveries.at(0).words == "as the script says");
  CHECK(run_faults(record, 8000) == std::vector<std::string>{});
}

TEST_CASE("the health tests' false-alarm rate follows from the length of the run") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  const auto alpha = [&](KeyStreamSettings settings) {
    KeyStream keys(*source, settings, measuring(7), {});
    return keys.record().gate.health.alpha_log2;
  };
  CHECK(alpha({.bytes = 1000}) == -30);
  CHECK(alpha({.bytes = 100'000'000}) == -38);
  CHECK(alpha({.bytes = std::uint64_t{1} << 42U}) == -40);
  CHECK(alpha({.bytes = 1000, .alpha_log2 = -25}) == -25);
}

TEST_CASE("more than was planned is refused") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  KeyStream keys(*source, {.bytes = 1000}, measuring(7), {});
  std::vector<std::byte> out(1500);
  keys.fill(out, {});  // one block gives 1,600 bytes
  out.resize(3000);
  try {
    keys.fill(out, {});
    FAIL("more than planned came out");
  } catch (const Error& e) {
    CHECK(e.category() == Category::refused);
  }
}

TEST_CASE("no claim, no keys") {
  class Silent final : public Source {
   public:
    [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
    void start(const Patience&) override {}
    [[nodiscard]] Read read(std::span<std::byte>, const Patience&) override { return {}; }
    void stop() noexcept override {}
    SourceInfo info_;
  } source;
  CHECK_THROWS_WITH(KeyStream(source, {.bytes = 1}, measuring(7), {}), Catch::Contains("no min-entropy claim"));
}

/// The faults of a record as JSON, one that cannot be read among them.
std::vector<std::string> faults_of_json(const Json& json, std::uint64_t made_bits) {
  try {
    ObjectReader reader(json, "");
    return run_faults(take_run_record(reader), made_bits);
  } catch (const Error& error) {
    CHECK(error.category() == Category::malformed);
    return {error.what()};
  }
}

TEST_CASE("honest evidence has no fault, and every lie in it is found") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  KeyStream keys(*source, {.bytes = 100'000}, measuring(6.3), {});
  std::vector<std::byte> out(100'000);
  keys.fill(out, {});
  const RunRecord record = keys.record();
  const Json honest = to_json(record);
  CHECK(run_faults(record, 800'000) == std::vector<std::string>{});

  // A JSON pointer and what a liar would write there.
  const std::pair<const char*, Json> lies[] = {
      {"/entropy/measured/bits_per_sample", 6.2},
      {"/entropy/measured/basis", "stated"},
      {"/source/claim/bits_per_sample", 7.0},
      {"/source/raw_bytes", 100},
      {"/health/samples_admitted", 5},
      {"/health/claim_bits_per_sample", 3.0},
      {"/health/alpha_log2", -40},
      {"/health/tests/0/cutoff", 60},
      {"/health/tests/1/cutoff", 512},
      {"/health/tests/1/window", 64},
      {"/health/tests/0/id", "repetition"},
      {"/health/running", false},
      {"/health/start_up_samples", 1000},
      {"/health/start_up_tests_passed", 0},
      {"/extraction/extractor", "toeplitz"},
      {"/extraction/extractor", "von-neumann"},
      {"/extraction/extractor", "sha-256"},
      {"/extraction/block_bits", 32768},
      {"/extraction/bits_per_sample", 6.2},
      {"/extraction/bits_per_sample", 8},
      {"/extraction/wanted_bits", 8},
      {"/extraction/log2_epsilon_limit", -32},
      {"/extraction/input_bits", 32768},
      {"/extraction/output_bits", 16320},
      {"/extraction/output_bits", 64},
      {"/extraction/samples_per_block", 2047},
      {"/extraction/min_entropy_per_block", 16000},
      {"/extraction/blocks", 1},
      {"/extraction/log2_epsilon_block", -10},
      {"/extraction/seed/origin", "second-source"},
      {"/extraction/seed/log2_epsilon", -80},
      {"/extraction/seed/bits", 1},
      {"/extraction/seed/sha256", "none"},
      {"/extraction/epsilon/limit_log2", -10},
      {"/extraction/epsilon/total_log2", -100},
      {"/extraction/epsilon/total_log2", nullptr},
      {"/extraction/epsilon/blocks", 1},
      {"/extraction/epsilon/charges/0/what", "seed"},
      {"/extraction/epsilon/charges/0/count", 1},
      {"/extraction/epsilon/charges/0/log2_epsilon", -60},
  };
  for (const auto& [where, lie] : lies) {
    CAPTURE(where, lie.dump());
    Json told = honest;
    REQUIRE(told.contains(Json::json_pointer(where)));
    REQUIRE(told.at(Json::json_pointer(where)) != lie);
    told[Json::json_pointer(where)] = lie;
    CHECK(!faults_of_json(told, 800'000).empty());
  }
  CHECK(!run_faults(record, 80'000'000).empty());
  for (const char* const member : {"source", "entropy", "health", "extraction"}) {
    Json partial = honest;
    partial.erase(member);
    CHECK(!faults_of_json(partial, 800'000).empty());
  }
}

TEST_CASE("keys from a pool have the record of each member's gate, and no lie in it goes unseen") {
  std::vector<std::unique_ptr<Source>> members;
  for (const char* const uri : {"sim:homodyne?seed=1", "sim:homodyne?seed=2"})
    members.push_back(simulated_source(uri));
  Pool pool("pool:test", std::move(members));
  KeyStream keys(pool, {.bytes = 100'000}, measuring(6.3), {});
  std::vector<std::byte> out(100'000);
  keys.fill(out, {});
  const RunRecord record = keys.record();
  CHECK(run_faults(record, 800'000) == std::vector<std::string>{});
  REQUIRE(record.gate.members.size() == 2);
  const Json honest = to_json(record);
  const std::pair<const char*, Json> lies[] = {{"/source/raw_bytes", 2'000'000},
                                               {"/source/driver", "sim:homodyne"},
                                               {"/source/parameters/members/0/uri", "sim:homodyne?seed=9"},
                                               {"/source/parameters/members", Json::array()},
                                               {"/health/members", Json::array()},
                                               {"/health/members/1/uri", "sim:homodyne?seed=9"},
                                               {"/health/members/0/health/samples_admitted", 5},
                                               {"/health/members/0/health/tests/0/cutoff", 60},
                                               {"/health/members/1/health/running", false},
                                               {"/health/members/1/health/claim_bits_per_sample", 3.0},
                                               {"/health/members/1/health/alpha_log2", -40},
                                               {"/health/members/1/left", {{"state", "alarm"}}}};
  for (const auto& [where, lie] : lies) {
    CAPTURE(where, lie.dump());
    Json told = honest;
    REQUIRE(told.contains(Json::json_pointer(where)));
    REQUIRE(told.at(Json::json_pointer(where)) != lie);
    told[Json::json_pointer(where)] = lie;
    CHECK(!faults_of_json(told, 800'000).empty());
  }
}

TEST_CASE("keys are made with every seeded extractor, and a verifier plans the same") {
  for (const ExtractorKind& kind : extractors()) {
    if (!kind.seeded) continue;
    for (const double limit : {-20.0, std::log2(1e-7)}) {
      CAPTURE(kind.name, limit);
      const auto source = simulated_source("sim:homodyne?seed=1");
      KeyStream keys(*source,
                     {.bytes = 5000, .log2_epsilon = limit, .extractor = std::string(kind.name), .block_bits = 3000},
                     measuring(6.3), {});
      std::vector<std::byte> out(5000);
      keys.fill(out, {});
      CHECK(std::ranges::count(out, std::byte{0}) < 60);  // 20 on average
      const RunRecord record = keys.record();
      const Json evidence = to_json(record);
      CHECK(evidence.at("extraction").at("extractor") == std::string(kind.name));
      CHECK(run_faults(record, 40'000) == std::vector<std::string>{});
      CHECK(!run_faults(record, 39'992).empty());
      for (const ExtractorKind& other : extractors()) {
        if (&other == &kind) continue;
        Json renamed = evidence;
        renamed["extraction"]["extractor"] = std::string(other.name);
        CHECK(!faults_of_json(renamed, 40'000).empty());
      }
    }
  }
}

TEST_CASE("blocks that are no whole words hold whole samples, one after another, and the rest is zero") {
  for (const char* const name : {"circulant", "dodis", "raz"}) {
    const auto source = simulated_source("sim:homodyne?seed=1");
    KeyStream keys(*source, {.bytes = 400, .log2_epsilon = -20, .extractor = name, .block_bits = 1021}, measuring(6.3),
                   {});
    const RunPlan& plan = keys.plan();
    CHECK(plan.samples == plan.block.shape.input_bits / 8);
    CHECK(plan.raw_bytes() == plan.samples);
    CHECK(plan.block.min_entropy == 6.3 * static_cast<double>(plan.samples));
    CHECK(plan.block.shape.output_bits % 8 == 0);
  }
}

TEST_CASE("a seed from a second source is charged, on record, and never from the source itself") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  const auto second = simulated_source("sim:homodyne?seed=2");
  KeyStream keys(*source, {.bytes = 5000, .log2_epsilon = -64, .seed = seed_from(*second, -80, measuring(6.3), {})},
                 measuring(6.3), {});
  std::vector<std::byte> out(5000);
  keys.fill(out, {});
  const RunRecord run = keys.record();
  const ExtractionRecord& record = run.extraction;
  CHECK(record.seed.origin == ExtractorSeedRecord::Origin::second_source);
  CHECK(record.seed.source == second->info().uri);
  CHECK(record.seed.log2_epsilon == -80.0);
  REQUIRE(record.epsilon.charges.size() == 2);
  CHECK(record.epsilon.charges[0].what == EpsilonRecord::Charge::What::seed);
  CHECK(run_faults(run, 40'000) == std::vector<std::string>{});
  Json uncharged = to_json(run);
  uncharged["extraction"]["seed"]["log2_epsilon"] = -90;
  CHECK(!faults_of_json(uncharged, 40'000).empty());

  const auto refused = [&](const char* uri, double log2_epsilon) {
    const auto other = simulated_source(uri);
    return test::category_of([&] {
      KeyStream(*source, {.bytes = 5000, .seed = seed_from(*other, log2_epsilon, measuring(6.3), {})}, measuring(6.3),
                {});
    });
  };
  CHECK(refused("sim:homodyne?seed=1", -80) == Category::refused);
  CHECK(refused("sim:homodyne?seed=2", -64) == Category::refused);  // no half of epsilon would be left
}

TEST_CASE("a source of the seed is another one, alone, and no worse than that of the keys") {
  const auto info = [](const char* uri, Provenance provenance) {
    SourceInfo one = simulated_source("sim:homodyne?seed=1")->info();
    one.uri = uri;
    one.driver = std::string(uri).substr(0, std::string(uri).find('/'));
    one.parameters = Json::object();
    one.provenance = provenance;
    return one;
  };
  const auto refused = [](const SourceInfo& second, const SourceInfo& first) {
    return test::category_of([&] { require_seed_source(second, first); }) == Category::refused;
  };
  const SourceInfo keys = info("usb:quantis/Q1", Provenance::hardware);
  CHECK_NOTHROW(require_seed_source(info("usb:chaoskey/C1", Provenance::hardware), keys));
  CHECK_NOTHROW(require_seed_source(keys, info("file:raw", Provenance::recorded)));
  CHECK(refused(keys, keys));
  CHECK(refused(info("file:raw", Provenance::recorded), keys));
  CHECK(refused(info("sim:homodyne", Provenance::simulated), keys));
  CHECK(refused(info("pool:", Provenance::hardware), keys));
  CHECK(refused(simulated_source("sim:homodyne?seed=7")->info(), simulated_source("sim:homodyne?seed=7")->info()));
  CHECK(seed_log2_epsilon(-64) <= -65);  // at most half of the run's epsilon
}

TEST_CASE("settings that cannot be kept are refused before the source is touched") {
  ScriptedSamples source({ReadState::fault});
  const auto category = [&](const KeyStreamSettings& settings) {
    return test::category_of([&] { KeyStream(source, settings, measuring(7), {}); });
  };
  CHECK(category({.bytes = 2'305'843'009'213'693'953}) == Category::usage);  // times 8 is 8 modulo 2^64
  CHECK(category({.bytes = 1000, .extractor = "von-neumann"}) == Category::usage);
  CHECK(category({.bytes = 1000, .extractor = "sha-256"}) == Category::usage);
  CHECK(category({.bytes = 1000, .log2_epsilon = -150, .extractor = "trevisan"}) ==
        Category::refused);  // no such field
  CHECK(category({.bytes = 1000, .block_bits = 64}) == Category::refused);
  CHECK(source.reads() == 0);
}

namespace {

/// Noise at a stated rate. From blocks() on, it comes in blocks that begin with the same bytes, and is remembered.
class InBlocks final : public Source {
 public:
  explicit InBlocks(double nominal_rate) : noise_(simulated_source("sim:homodyne?seed=1")), info_(noise_->info()) {
    info_.nominal_rate = nominal_rate;
    noise_->start({});
  }
  void blocks(std::size_t block, std::size_t head) {
    block_ = block;
    head_.resize(head);
    REQUIRE(noise_->read(head_, {}).state == ReadState::ok);
  }
  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override {}
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    const Read read = noise_->read(out, patience);
    for (std::size_t i = 0; block_ > 0 && i < out.size(); ++i) {
      const std::size_t place = given.size() % block_;
      if (place < head_.size()) out[i] = head_[place];
      given.push_back(out[i]);
    }
    return read;
  }
  void stop() noexcept override {}

  std::vector<std::byte> given;  ///< since blocks()

 private:
  std::unique_ptr<Source> noise_;
  SourceInfo info_;
  std::size_t block_ = 0;
  std::vector<std::byte> head_;
};

}  // namespace

TEST_CASE("a slow source is not waited for: once a block's mask is made, every window goes out as it comes") {
  InBlocks source(10'000);
  KeyStream keys(source, {.bytes = 10'000}, measuring(5), {});
  const ExtractorShape& shape = keys.plan().block.shape;
  const std::size_t head = (shape.input_bits - shape.output_bits) / 8, window = keys.handy_bytes();
  source.blocks(shape.input_bits / 8, head);
  std::byte out{};
  for (std::size_t done = 0; done < 9'999; ++done) {
    keys.fill(std::span(&out, 1), {});
    // What the byte is made of has come, and less than a window more.
    const std::size_t block = done / (shape.output_bits / 8), place = done % (shape.output_bits / 8);
    const std::size_t needed = block * (shape.input_bits / 8) + head + place + 1;
    CAPTURE(done);
    REQUIRE(source.given.size() >= needed);
    REQUIRE(source.given.size() < needed + window);
  }
  // With the last one the rest of its block: what is certified is whole blocks.
  keys.fill(std::span(&out, 1), {});
  CHECK(run_faults(keys.record(), 80'000) == std::vector<std::string>{});
}

TEST_CASE("window by window or block by block, each block's output is its last bits, masked by its first") {
  // The extractor's seed is not known here, but two blocks that begin alike have the same mask.
  const double rate = GENERATE(0.0, 10'000.0);
  InBlocks source(rate);
  KeyStream keys(source, {.bytes = 20'000}, measuring(5), {});
  CHECK((keys.handy_bytes() == std::size_t{256} * 1024) == (rate == 0));
  const std::size_t in = keys.plan().block.shape.input_bits / 8, made = keys.plan().block.shape.output_bits / 8;
  source.blocks(in, in - made);
  std::vector<std::byte> out(20'000);
  keys.fill(out, {});
  const std::size_t blocks = out.size() / made;
  REQUIRE(blocks > 2);
  for (std::size_t block = 1; block < blocks; ++block) {
    for (std::size_t i = 0; i < made; ++i) {
      CAPTURE(block, i);
      const std::byte tails = source.given[in - made + i] ^ source.given[block * in + in - made + i];
      REQUIRE((out[i] ^ out[block * made + i]) == tails);
    }
  }
  CHECK(run_faults(keys.record(), 160'000) == std::vector<std::string>{});
}
