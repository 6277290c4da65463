// SPDX-License-Identifier: Apache-2.0
#include "pipeline/raw_steps.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>

#include "core/error.h"
#include "pipeline/key_stream.h"
#include "tests/category_of.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using test::category_of;

namespace {

constexpr std::size_t step = 64;

/// Byte i of all that is read is the low byte of i; reads are counted, one of them may fail.
struct Counting {
  std::atomic<std::uint64_t> reads = 0, bytes = 0;
  std::uint64_t fails_at = ~std::uint64_t{0};

  RawSteps::ReadStep reader() {
    return [this](std::span<std::byte> out, const Patience& patience) {
      if (patience.stopped()) throw Error(Category::interrupted, "interrupted");
      const std::uint64_t read = reads++;
      if (read == fails_at) throw Error(Category::health, "as the test says");
      for (std::byte& b : out)
        b = static_cast<std::byte>(bytes++);
    };
  }
};

/// Takes pieces of `piece` bytes out of steps; true when each is what was read.
bool takes(RawSteps& steps, std::size_t piece, std::size_t pieces) {
  std::span<const std::byte> there;
  std::uint64_t at = 0;
  for (std::size_t p = 0; p < pieces; ++p) {
    while (there.size() < piece)
      there = steps.next(there, {});
    for (const std::byte b : there.first(piece))
      if (b != static_cast<std::byte>(at++)) return false;
    there = there.subspan(piece);
  }
  return true;
}

}  // namespace

TEST_CASE("steps join what is left of the one before, read ahead or not, and no more are read than were announced") {
  for (const std::size_t piece : {1U, 7U, 8U, 63U, 64U, 65U, 100U, 200U}) {
    const std::size_t pieces = 1000;
    const std::uint64_t wanted = (piece * pieces + step - 1) / step;
    INFO("pieces of " << piece);
    for (const std::size_t together : {0U, 1U, 3U, 5000U}) {  // 0: not ahead
      Counting source;
      RawSteps steps(piece, step, source.reader(), {});
      if (together != 0) steps.read_ahead(wanted, together, {});
      CHECK(takes(steps, piece, pieces));
      CHECK(source.bytes == wanted * step);
    }
  }
}

TEST_CASE("who asks for more steps than were announced gets them all the same") {
  Counting source;
  RawSteps steps(step, step, source.reader(), {});
  steps.read_ahead(3, 1, {});
  CHECK(takes(steps, step, 20));
  CHECK(source.reads == 20);
}

TEST_CASE("a failure comes after all that was read before it, and again") {
  for (const std::uint64_t fails_at : {0U, 1U, 5U, 99U}) {
    for (const std::size_t together : {0U, 1U, 4U}) {  // 0: not ahead
      Counting source{.fails_at = fails_at};
      RawSteps steps(step, step, source.reader(), {});
      if (together != 0) steps.read_ahead(1000, together, {});
      CHECK(takes(steps, step, fails_at));
      CHECK(category_of([&] { static_cast<void>(steps.next({}, {})); }) == Category::health);
      if (together != 0) CHECK(category_of([&] { static_cast<void>(steps.next({}, {})); }) == Category::health);
    }
  }
}

TEST_CASE("reading ahead ends when it is told to, when it is interrupted, and when nobody wants it any more") {
  Counting source;
  {
    RawSteps steps(step, step, source.reader(), {});
    steps.read_ahead(1'000'000, 1, {});
    CHECK(takes(steps, step, 2));
    steps.end();
    const std::uint64_t reads = source.reads;
    CHECK(reads <= 6);
    CHECK(category_of([&] { static_cast<void>(steps.next({}, {})); }) == Category::internal);
    CHECK(source.reads == reads);
  }
  std::stop_source stop;
  Counting another;
  RawSteps steps(step, step, another.reader(), {});
  steps.read_ahead(1'000'000, 1, {.stop = stop.get_token()});
  CHECK(takes(steps, 1, 1));
  stop.request_stop();
  // At most what was ahead comes before it.
  CHECK(category_of([&] {
          for (std::size_t i = 0; i < 5; ++i)
            static_cast<void>(steps.next({}, {}));
        }) == Category::interrupted);
  const RawSteps nobody_asks(step, step, source.reader(), {});
}

TEST_CASE("what the reader says is heard with the step that it was reading, by who takes it") {
  for (const bool ahead : {false, true}) {
    std::vector<std::string> heard;
    const auto listener = std::this_thread::get_id();
    RawSteps* told = nullptr;
    std::uint64_t read = 0;
    RawSteps steps(
        step, step,
        [&](std::span<std::byte>, const Patience&) {
          if (read++ % 3 == 1) told->tell(std::to_string(read));
        },
        [&](const std::string& sentence) {
          CHECK(std::this_thread::get_id() == listener);
          heard.push_back(sentence);
        });
    told = &steps;
    if (ahead) steps.read_ahead(100, 1, {});
    static_cast<void>(steps.next({}, {}));
    CHECK(heard.empty());
    static_cast<void>(steps.next({}, {}));
    CHECK(heard == std::vector<std::string>{"2"});
    for (int i = 0; i < 4; ++i)
      static_cast<void>(steps.next({}, {}));
    CHECK(heard == std::vector<std::string>{"2", "5"});
  }
}

TEST_CASE("a key stream that reads ahead reads what one reads that does not, and has the same books") {
  const auto run = [](bool ahead, const std::string& uri, const std::string& extractor, std::uint64_t bytes) {
    const auto source = test::simulated_source(uri);
    KeyStream keys(*source, {.bytes = bytes, .extractor = extractor, .read_ahead = ahead},
                   [](std::span<const std::byte>, const SampleFormat&) {
                     return MinEntropy{.bits_per_sample = 5,
                                       .basis = MinEntropy::Basis::measured,
                                       .method = "given by the test",
                                       .assumptions = {},
                                       .details = {{"samples", std::uint64_t{1'000'000}}}};
                   },
                   {});
    std::vector<std::byte> out(bytes);
    for (std::size_t at = 0; at < out.size(); at += 10'000)
      keys.fill(std::span(out).subspan(at, std::min<std::size_t>(10'000, out.size() - at)), {});
    const RunRecord record = keys.record();
    return std::pair(record.raw_bytes, record.gate.health.samples_admitted);
  };
  for (const char* extractor : {"modified-toeplitz", "dodis", "circulant"})
    for (const std::uint64_t bytes : {1U, 100'000U, 1'234'567U})
      CHECK(run(true, "sim:homodyne?seed=5", extractor, bytes) == run(false, "sim:homodyne?seed=5", extractor, bytes));
}

TEST_CASE("a source that breaks gives the same bytes before it, read ahead or not") {
  const auto taken = [](bool ahead) {
    const auto source = test::simulated_source("sim:homodyne?seed=5&fault=stuck@3000000");
    KeyStream keys(*source, {.bytes = 5'000'000, .read_ahead = ahead},
                   [](std::span<const std::byte>, const SampleFormat&) {
                     return MinEntropy{.bits_per_sample = 5,
                                       .basis = MinEntropy::Basis::measured,
                                       .method = "given by the test",
                                       .assumptions = {},
                                       .details = {{"samples", std::uint64_t{1'000'000}}}};
                   },
                   {});
    std::vector<std::byte> out(1000);
    std::size_t parts = 0;
    CHECK(category_of([&] {
            for (;; ++parts)
              keys.fill(out, {});
          }) == Category::health);
    CHECK(std::ranges::all_of(out, [](std::byte b) { return b == std::byte{0}; }));
    return parts;
  };
  const std::size_t parts = taken(false);
  CHECK(parts > 500);
  CHECK(taken(true) == parts);
}
