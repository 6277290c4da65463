// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/bulk.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <vector>

#include "core/error.h"
#include "entropy/extract/registry.h"
#include "entropy/extract/seed.h"
#include "tests/category_of.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::Words;

namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes_of_engine(std::mt19937_64& engine, std::size_t count) {
  Bytes bytes(count);
  for (std::byte& b : bytes)
    b = static_cast<std::byte>(engine());
  return bytes;
}

/// Reads in odd portions, as pipes do.
struct Stream {
  Bytes raw;
  std::size_t at = 0;
  std::size_t portion = 7919;
  Bytes written{};

  BulkResult run(const Extractor& extractor, const BulkOptions& options = {}) {
    at = 0;
    written.clear();
    return extract_stream(
        extractor,
        [this](std::span<std::byte> out) {
          const std::size_t step = std::min({portion, out.size(), raw.size() - at});
          std::memcpy(out.data(), raw.data() + at, step);
          at += step;
          return step;
        },
        [this](std::span<const std::byte> bytes) { written.insert(written.end(), bytes.begin(), bytes.end()); },
        options);
  }
};

using test::category_of;

std::unique_ptr<Extractor> make(const char* name, ExtractorShape shape, std::mt19937_64& engine) {
  return extractor_kind(name).make(shape, naive::random_words(engine, shape.seed_bits), active_target());
}

/// Block by block, bit by bit.
Bytes expected_output(const Extractor& extractor, const Bytes& raw) {
  const ExtractorShape& shape = extractor.shape();
  naive::Bits out;
  for (std::size_t from = 0; from + shape.input_bits <= raw.size() * 8; from += shape.input_bits) {
    Words block(words_for(shape.input_bits), 0);
    for (std::size_t i = 0; i < shape.input_bits; ++i)
      set_bit(block, i, (std::to_integer<unsigned>(raw[(from + i) / 8]) >> (from + i) % 8 & 1) != 0);
    Words y(words_for(shape.output_bits));
    const std::size_t count = extractor.extract(block, y);
    const naive::Bits part = naive::bits(y, count);
    out.insert(out.end(), part.begin(), part.end());
  }
  Bytes bytes(out.size() / 8);
  for (std::size_t i = 0; i < bytes.size() * 8; ++i)
    if (out[i]) bytes[i / 8] |= static_cast<std::byte>(1U << i % 8);
  return bytes;
}

}  // namespace

TEST_CASE("a stream is its blocks one after another, for any lengths and number of threads") {
  std::mt19937_64 engine(81);
  const auto whole = make("modified-toeplitz", {1024, 512, 1024}, engine);
  const auto ragged = make("modified-toeplitz", {1000, 333, 1000}, engine);
  const auto prime = make("dodis", {1019, 500, 1019}, engine);
  const auto aligned_in = make("toeplitz", {128, 100, 228}, engine);
  const auto unseeded = make("von-neumann", {4096, 2048, 0}, engine);
  for (const Extractor* extractor : {whole.get(), ragged.get(), prime.get(), aligned_in.get(), unseeded.get()}) {
    Stream stream{bytes_of_engine(engine, 3'000'001)};
    const Bytes expected = expected_output(*extractor, stream.raw);
    for (const unsigned threads : {1U, 2U, 5U}) {
      INFO(extractor->name() << " n " << extractor->shape().input_bits << ", threads " << threads);
      const BulkResult result = stream.run(*extractor, {.threads = threads, .discard_tail = true});
      CHECK(result.blocks == stream.raw.size() * 8 / extractor->shape().input_bits);
      CHECK(result.output_bytes == stream.written.size());
      CHECK(result.output_bits / 8 == result.output_bytes);
      CHECK((stream.written == expected));
    }
  }
}

TEST_CASE("long blocks go one by one, also where they begin inside a byte") {
  std::mt19937_64 engine(82);
  for (const std::size_t n : {32'768UL, 32'769UL, 40'003UL, 131'072UL, 2'097'152UL, 2'097'159UL, 2'500'001UL}) {
    const auto extractor = make("modified-toeplitz", {n, 1001, n}, engine);
    Stream stream{bytes_of_engine(engine, (5 * n + 7) / 8)};
    stream.portion = 1'000'000;
    const Bytes expected = expected_output(*extractor, stream.raw);
    for (const unsigned threads : {1U, 3U}) {
      INFO("n " << n << ", threads " << threads);
      const BulkResult result = stream.run(*extractor, {.threads = threads});
      CHECK(result.blocks == 5);
      CHECK(result.tail_bytes == 0);
      CHECK(result.output_bits == 5 * 1001);
      CHECK((stream.written == expected));
    }
    stream.raw.resize(stream.raw.size() - 1);
    CHECK(category_of([&] { stream.run(*extractor, {.threads = 2}); }) == Category::refused);
    const BulkResult cut = stream.run(*extractor, {.discard_tail = true});
    CHECK(cut.blocks == 4);
    CHECK(cut.tail_bytes == stream.raw.size() - (4 * n + 7) / 8);
  }
}

TEST_CASE("no more is read ahead than a long block") {
  std::mt19937_64 engine(84);
  constexpr std::size_t n = 4'000'001;
  const auto extractor = make("modified-toeplitz", {n, 64, n}, engine);
  std::size_t most = 0;
  unsigned calls = 0;
  const BulkRead read = [&](std::span<std::byte> out) {
    most = std::max(most, out.size());
    return ++calls > 6 ? 0 : out.size();
  };
  extract_stream(*extractor, read, [](auto) {}, {.discard_tail = true});
  CHECK(most <= n / 8 + 2);
}

TEST_CASE("a partial last block is refused, or discarded when asked to") {
  std::mt19937_64 engine(83);
  const auto extractor = make("modified-toeplitz", {1024, 512, 1024}, engine);
  Stream stream{bytes_of_engine(engine, 128 * 5 + 3)};
  CHECK(category_of([&] { stream.run(*extractor); }) == Category::refused);
  CHECK(category_of([&] { stream.run(*extractor, {.threads = 3}); }) == Category::refused);
  CHECK(stream.run(*extractor, {.discard_tail = true}).tail_bytes == 3);
  stream.raw.resize(128 * 5);
  CHECK(stream.run(*extractor).blocks == 5);
  stream.raw.resize(100);
  CHECK(category_of([&] { stream.run(*extractor, {.discard_tail = true}); }) == Category::not_enough_data);
  stream.raw.clear();
  CHECK(category_of([&] { stream.run(*extractor); }) == Category::not_enough_data);
}

TEST_CASE("the account is charged for every block, and nothing is written past its limit") {
  std::mt19937_64 engine(87);
  const auto extractor = make("modified-toeplitz", {1024, 512, 1024}, engine);
  Stream stream{bytes_of_engine(engine, 128 * 1000)};
  EpsilonAccount account(-64);
  stream.run(*extractor, {.threads = 2, .account = &account, .log2_epsilon = -80});
  CHECK(account.blocks() == 1000);
  EpsilonAccount small(-75);
  CHECK(category_of([&] { stream.run(*extractor, {.account = &small, .log2_epsilon = -80}); }) == Category::refused);
  CHECK(stream.written.empty());
}

TEST_CASE("errors of reading, of writing and a stop end all threads") {
  std::mt19937_64 engine(89);
  const auto extractor = make("modified-toeplitz", {1024, 512, 1024}, engine);
  for (const unsigned threads : {1U, 4U}) {
    const BulkOptions options{.threads = threads};
    std::size_t calls = 0;
    const BulkRead endless = [&](std::span<std::byte> out) {
      if (++calls > 100) throw Error(Category::io, "broken pipe");
      return out.size();
    };
    CHECK(category_of([&] {
            extract_stream(
                *extractor, endless, [](auto) {}, options);
          }) == Category::io);
    calls = 0;
    CHECK(category_of([&] {
            extract_stream(
                *extractor, endless, [](auto) { throw Error(Category::device, "full"); }, options);
          }) == Category::device);
    std::stop_source stop;
    stop.request_stop();
    calls = 0;
    CHECK(category_of([&] {
            extract_stream(*extractor, endless, [](auto) {}, {.threads = threads, .stop = stop.get_token()});
          }) == Category::interrupted);
  }
}

TEST_CASE("a seed cut out of the data is noticed, wherever it lies") {
  std::mt19937_64 engine(91);
  const Bytes raw = bytes_of_engine(engine, 5000);
  for (const std::size_t from : {0UL, 1UL, 990UL, 1000UL, 3333UL, 4968UL}) {
    for (const std::size_t portion : {7UL, 31UL, 32UL, 1000UL, 5000UL}) {
      const Bytes seed(raw.begin() + static_cast<std::ptrdiff_t>(from),
                       raw.begin() + static_cast<std::ptrdiff_t>(from + 32));
      SeedWatch watch(seed);
      const auto look = [&] {
        for (std::size_t at = 0; at < raw.size(); at += portion)
          watch.look(std::span(raw).subspan(at, std::min(portion, raw.size() - at)));
      };
      INFO("from " << from << " portion " << portion);
      CHECK(category_of(look) == Category::refused);
    }
  }
  SeedWatch other(bytes_of_engine(engine, 64));
  other.look(raw);
  SeedWatch none({});
  none.look(raw);
}
