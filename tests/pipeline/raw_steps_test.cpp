// SPDX-License-Identifier: Apache-2.0
#include "pipeline/raw_steps.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <thread>

#include "core/error.h"
#include "pipeline/key_stream.h"
#include "tests/category_of.h"
#include "tests/pipeline/measure.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using test::category_of;

namespace {

constexpr std::size_t step = 64;
/// How many steps are read together; without a number none is read ahead.
using Ahead = std::optional<std::size_t>;

/// Byte i of all that is read is i modulo a prime, so that no slot of a ring looks like another. One read may fail.
struct Counting {
  std::uint64_t fails_at = ~std::uint64_t{0};
  Category failure = Category::device;
  std::atomic<std::uint64_t> reads = 0, bytes = 0;

  static std::byte byte(std::uint64_t i) { return static_cast<std::byte>(i % 251); }
  RawSteps::ReadStep reader() {
    return [this](std::span<std::byte> out, const Patience& patience) {
      if (patience.stopped()) throw Error(Category::interrupted, "interrupted");
      if (reads++ == fails_at) throw Error(failure, "as the test says");
      for (std::byte& b : out)
        b = byte(bytes++);
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
      if (b != Counting::byte(at++)) return false;
    there = there.subspan(piece);
  }
  return true;
}

/// A source and who reads it.
class ReadSomewhere final : public Source {
 public:
  explicit ReadSomewhere(const std::string& uri, bool waits = false)
      : source_(test::simulated_source(uri)), waits_(waits) {}
  [[nodiscard]] const SourceInfo& info() const noexcept override { return source_->info(); }
  void start(const Patience& patience) override { source_->start(patience); }
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (std::this_thread::get_id() != owner_) elsewhere_ = true;
    return source_->read(out, patience);
  }
  void stop() noexcept override { source_->stop(); }
  [[nodiscard]] bool waits() const noexcept override { return waits_; }
  [[nodiscard]] bool read_elsewhere() const noexcept { return elsewhere_; }

 private:
  std::unique_ptr<Source> source_;
  bool waits_;
  std::thread::id owner_ = std::this_thread::get_id();
  std::atomic<bool> elsewhere_ = false;
};

MinEntropy five_bits(std::span<const std::byte> /*any*/, const SampleFormat& /*any*/) {
  return test::measure(5);
}

}  // namespace

TEST_CASE("steps join what is left of the one before, read ahead or not, and no more are read than were announced") {
  for (const std::size_t piece : {1U, 7U, 8U, 63U, 64U, 65U, 100U, 200U}) {
    const std::size_t pieces = 1000;
    const std::uint64_t wanted = (piece * pieces + step - 1) / step;
    INFO("pieces of " << piece);
    for (const Ahead together : {Ahead{}, Ahead{1}, Ahead{3}, Ahead{5000}}) {
      Counting source;
      RawSteps steps(piece, step, source.reader(), {});
      if (together) steps.read_ahead(wanted, *together, {});
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
    for (const Ahead together : {Ahead{}, Ahead{1}, Ahead{4}}) {
      Counting source{.fails_at = fails_at};
      RawSteps steps(step, step, source.reader(), {});
      if (together) steps.read_ahead(1000, *together, {});
      CHECK(takes(steps, step, fails_at));
      CHECK(category_of([&] { static_cast<void>(steps.next({}, {})); }) == Category::device);
      if (together) CHECK(category_of([&] { static_cast<void>(steps.next({}, {})); }) == Category::device);
    }
  }
}

TEST_CASE("an alarm ends what was read ahead of it, too, as soon as it is known") {
  Counting source{.fails_at = 3, .failure = Category::health};
  std::vector<std::string> heard;
  RawSteps* told = nullptr;
  std::atomic<bool> failed = false;
  RawSteps steps(
      step, step,
      [&, read = source.reader()](std::span<std::byte> out, const Patience& patience) {
        told->tell(std::to_string(source.reads));
        try {
          read(out, patience);
        } catch (...) {
          failed = true;
          throw;
        }
      },
      [&](const std::string& sentence) { heard.push_back(sentence); });
  told = &steps;
  steps.read_ahead(1000, 1, {});
  while (!failed)
    std::this_thread::yield();
  // The exception is on its way to where the alarm is noted.
  std::size_t more = 0;
  CHECK(category_of([&] {
          for (;; ++more)
            static_cast<void>(steps.next({}, {}));
        }) == Category::health);
  CHECK(more <= 3);
  CHECK(heard == std::vector<std::string>{"0", "1", "2", "3"});
  CHECK(category_of([&] { static_cast<void>(steps.next({}, {})); }) == Category::health);
}

TEST_CASE("reading ahead ends when it is told to, when it is interrupted, and when nobody wants it any more") {
  {
    Counting source;
    RawSteps steps(step, step, source.reader(), {});
    steps.read_ahead(1'000'000, 1, {});
    CHECK(takes(steps, step, 2));
    steps.end();
    const std::uint64_t reads = source.reads;
    CHECK(reads <= 6);
    CHECK(category_of([&] { static_cast<void>(steps.next({}, {})); }) == Category::internal);
    CHECK(source.reads == reads);
  }
  {
    Counting source;
    std::stop_source stop;
    RawSteps steps(step, step, source.reader(), {});
    steps.read_ahead(1'000'000, 1, {.stop = stop.get_token()});
    CHECK(takes(steps, 1, 1));
    stop.request_stop();
    // At most what was ahead comes before it.
    CHECK(category_of([&] {
            for (std::size_t i = 0; i < 5; ++i)
              static_cast<void>(steps.next({}, {}));
          }) == Category::interrupted);
  }
  {
    std::atomic<bool> reads = false;
    RawSteps steps(step, step,
                   [&](std::span<std::byte>, const Patience& patience) {
                     reads = true;
                     while (!patience.stopped())
                       std::this_thread::yield();
                   },
                   {});
    steps.read_ahead(1'000'000, 1, {});
    while (!reads)
      std::this_thread::yield();
  }
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
  const auto run = [](bool ahead, const std::string& extractor, std::uint64_t bytes) {
    ReadSomewhere source("sim:homodyne?seed=5");
    KeyStream keys(source, {.bytes = bytes, .extractor = extractor, .read_ahead = ahead}, five_bits, {});
    std::vector<std::byte> out(bytes);
    for (std::size_t at = 0; at < out.size(); at += 10'000)
      keys.fill(std::span(out).subspan(at, std::min<std::size_t>(10'000, out.size() - at)), {});
    RunRecord record = keys.record();
    CHECK(source.read_elsewhere() == (ahead && bytes > 1));
    record.started = record.stopped = "";
    record.extraction.seed.sha256 = "";
    return to_json(record).dump();
  };
  for (const char* extractor : {"modified-toeplitz", "dodis", "circulant"})
    for (const std::uint64_t bytes : {1U, 100'000U, 1'234'567U})
      CHECK(run(true, extractor, bytes) == run(false, extractor, bytes));
}

TEST_CASE("a key stream does not read ahead of a source that may keep it waiting") {
  ReadSomewhere source("sim:homodyne?seed=5", true);
  KeyStream keys(source, {.bytes = 100'000, .read_ahead = true}, five_bits, {});
  std::vector<std::byte> out(100'000);
  keys.fill(out, {});
  CHECK_FALSE(source.read_elsewhere());
}

TEST_CASE("a key stream that reads ahead gives no more than one that does not, and ends as that does") {
  struct End {
    const char* fault;
    Category category;
  };
  for (const End& end : {End{"stuck@3000000", Category::health}, End{"unplug@3000000", Category::device}}) {
    const auto parts = [&](bool ahead) {
      ReadSomewhere source(std::string("sim:homodyne?seed=5&fault=") + end.fault);
      KeyStream keys(source, {.bytes = 5'000'000, .read_ahead = ahead}, five_bits, {});
      std::vector<std::byte> out(1000);
      std::size_t taken = 0;
      CHECK(category_of([&] {
              for (;; ++taken)
                keys.fill(out, {});
            }) == end.category);
      CHECK(std::ranges::all_of(out, [](std::byte b) { return b == std::byte{0}; }));
      return taken;
    };
    const std::size_t taken = parts(false);
    CHECK(taken > 500);
    if (end.category == Category::health) {
      CHECK(parts(true) <= taken);
    } else {
      CHECK(parts(true) == taken);
    }
  }
}

TEST_CASE("a key stream that reads ahead can be interrupted when all samples are there, and given up at any time") {
  std::stop_source stop;
  ReadSomewhere source("sim:homodyne?seed=5");
  std::vector<std::byte> out(1000);
  {
    KeyStream keys(source, {.bytes = 1'000'000, .read_ahead = true}, five_bits, {});
    keys.fill(out, {.stop = stop.get_token()});
    stop.request_stop();
    CHECK(category_of([&] { keys.fill(out, {.stop = stop.get_token()}); }) == Category::interrupted);
  }
  for (std::size_t taken = 0; taken < 20; ++taken) {
    std::size_t heard = 0;
    KeyStream keys(source,
                   {.bytes = std::uint64_t{1} << 40,
                    .read_ahead = true,
                    .progress = [&](std::string_view, std::uint64_t, std::uint64_t) { ++heard; },
                    .notice = [&](const std::string&) { ++heard; }},
                   five_bits, {});
    for (std::size_t i = 0; i < taken; ++i)
      keys.fill(out, {});
  }
}
