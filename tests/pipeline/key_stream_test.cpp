#include "pipeline/key_stream.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "core/error.h"
#include "driver/registry.h"
#include "driver/simulated/models.h"

using namespace lightseed;

namespace {

std::unique_ptr<Source> open(const std::string& uri) {
  SourceRegistry sources;
  simulated::add_models(sources);
  return sources.open(uri);
}

MinEntropy measure(double bits) {
  return {
      .bits_per_sample = bits, .basis = MinEntropy::Basis::measured, .method = "given by the test", .assumptions = {}};
}

Assess giving(double bits) {
  return [bits](std::span<const std::byte> raw, const SampleFormat&) {
    CHECK(raw.size() == 1'000'000);
    return measure(bits);
  };
}

/// A source that plays a script: each step fills the span with noise and ends the read in a state.
class Scripted final : public Source {
 public:
  explicit Scripted(std::vector<ReadState> script) : noise_(open("sim:homodyne?seed=1")), script_(std::move(script)) {
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
    KeyStream keys(source, {.bytes = bytes}, giving(7), {});
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
  const auto source = open("sim:homodyne?seed=1");
  CHECK(KeyStream(*source, {.bytes = 1000}, giving(5), {}).plan().bits_per_sample == 5);
  CHECK(KeyStream(*source, {.bytes = 1000}, giving(8), {}).plan().bits_per_sample ==
        source->info().claim.bits_per_sample);
}

TEST_CASE("keys differ from run to run even from the same samples: the extractor's seed is fresh") {
  std::vector<std::byte> first(1000);
  std::vector<std::byte> second(1000);
  for (auto* const out : {&first, &second}) {
    const auto source = open("sim:homodyne?seed=1");
    KeyStream(*source, {.bytes = 1000}, giving(7), {}).fill(*out, {});
  }
  CHECK(first != second);
}

TEST_CASE("each health fault ends in a health error and wiped output") {
  for (const char* const fault : {"stuck", "bias", "dead"}) {
    CAPTURE(fault);
    CHECK(failure_of(*open(std::string("sim:homodyne?seed=1&fault=") + fault + "@1100000"), 1'000'000) ==
          Category::health);
    CHECK(failure_of(*open(std::string("sim:homodyne?seed=1&fault=") + fault + "@0")) == Category::health);
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
      Scripted source(script);
      CHECK(failure_of(source) == category);
    }
  }
}

TEST_CASE("after a recovery the start-up test runs again and the stream goes on, on record") {
  using enum ReadState;
  // start-up, sixteen pieces of the assessment, first chunk: restarted; new start-up, chunk.
  std::vector<ReadState> script(17, ok);
  script.push_back(restarted);
  Scripted source(script);
  KeyStream keys(source, {.bytes = 1000}, giving(7), {});
  std::vector<std::byte> out(1000);
  keys.fill(out, {});
  const Json evidence = keys.evidence();
  CHECK(evidence["health"]["start_up_tests_passed"] == 2);
  CHECK(evidence["health"]["recoveries"] == Json::array({"as the script says"}));
  CHECK(keys.health().recoveries.at(0).words == "as the script says");
  CHECK(faults_of_evidence(evidence, 8000).empty());
}

TEST_CASE("the health tests' false-alarm rate follows from the length of the run") {
  const auto source = open("sim:homodyne?seed=1");
  const auto alpha = [&](KeyStreamSettings settings) {
    KeyStream keys(*source, settings, giving(7), {});
    return keys.evidence()["health"]["alpha_log2"].get<double>();
  };
  CHECK(alpha({.bytes = 1000}) == -30);
  CHECK(alpha({.bytes = 100'000'000}) == -38);
  CHECK(alpha({.bytes = std::uint64_t{1} << 42U}) == -40);
  CHECK(alpha({.bytes = 1000, .alpha_log2 = -25}) == -25);
}

TEST_CASE("more than was planned is refused") {
  const auto source = open("sim:homodyne?seed=1");
  KeyStream keys(*source, {.bytes = 1000}, giving(7), {});
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
  CHECK_THROWS_WITH(KeyStream(source, {.bytes = 1}, giving(7), {}), Catch::Contains("no min-entropy claim"));
}

TEST_CASE("honest evidence has no fault, and every lie in it is found") {
  const auto source = open("sim:homodyne?seed=1");
  KeyStream keys(*source, {.bytes = 100'000}, giving(6.3), {});
  std::vector<std::byte> out(100'000);
  keys.fill(out, {});
  const Json honest = keys.evidence();
  CHECK(faults_of_evidence(honest, 800'000).empty());

  // A JSON pointer and what a liar would write there.
  const std::pair<const char*, Json> lies[] = {
      {"/entropy/used_bits_per_sample", 7.5},
      {"/entropy/used_bits_per_sample", 6.4},
      {"/entropy/measured/bits_per_sample", 6.2},
      {"/entropy/measured/basis", "stated"},
      {"/entropy/modelled/bits_per_sample", 6.0},
      {"/source/claim/bits_per_sample", 7.0},
      {"/source/raw_bytes", 100},
      {"/health/samples_admitted", 5},
      {"/health/claim_bits_per_sample", 3.0},
      {"/health/alpha_log2", -40},
      {"/health/repetition_count/cutoff", 60},
      {"/health/adaptive_proportion/cutoff", 512},
      {"/health/adaptive_proportion/window", 64},
      {"/health/start_up_samples", 1000},
      {"/health/start_up_tests_passed", 0},
      {"/health/alarm", Json{{"test", "repetition-count"}}},
      {"/extractor/plan/output_bits", 16320},
      {"/extractor/plan/log2_epsilon_block", -10},
      {"/extractor/plan/log2_epsilon_limit", -32},
      {"/extractor/plan/blocks", 1},
      {"/extractor/plan/input_bits", 32768},
      {"/extractor/epsilon/limit_log2", -10},
      {"/extractor/epsilon/total_log2", -100},
      {"/extractor/epsilon/blocks", 1},
      {"/extractor/epsilon/charges/0/count", 1},
      {"/extractor/epsilon/charges/0/log2_epsilon", -60},
  };
  for (const auto& [where, lie] : lies) {
    CAPTURE(where, lie.dump());
    Json told = honest;
    REQUIRE(told.contains(Json::json_pointer(where)));
    REQUIRE(told.at(Json::json_pointer(where)) != lie);
    told[Json::json_pointer(where)] = lie;
    CHECK(!faults_of_evidence(told, 800'000).empty());
  }
  CHECK(!faults_of_evidence(honest, 80'000'000).empty());
  for (const char* const member : {"source", "entropy", "health", "extractor"}) {
    Json partial = honest;
    partial.erase(member);
    CHECK(!faults_of_evidence(partial, 800'000).empty());
  }
}
