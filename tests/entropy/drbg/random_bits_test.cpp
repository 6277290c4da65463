// SPDX-License-Identifier: Apache-2.0
#include "entropy/drbg/random_bits.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "core/error.h"

using namespace lightseed;

namespace {

using Bytes = std::vector<std::byte>;

/// Byte i of the full-entropy stream is a known function of i, so that a test can say which ones were used.
struct CountingSource {
  std::uint64_t at = 0;
  std::uint64_t fails_after = ~std::uint64_t{0};

  static std::byte byte(std::uint64_t i) { return static_cast<std::byte>((i * 0x9e3779b97f4a7c15) >> 56); }

  FullEntropy fill() {
    return [this](std::span<std::byte> out) {
      if (at + out.size() > fails_after) throw Error(Category::health, "alarm");
      for (std::byte& b : out)
        b = byte(at++);
    };
  }

  static Bytes range(std::uint64_t from, std::size_t count) {
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i)
      bytes[i] = byte(from + i);
    return bytes;
  }
};

RandomBits::Settings settings(Construction construction, std::uint64_t bytes_per_seed = 1 << 20) {
  return {.construction = construction, .bytes_per_seed = bytes_per_seed};
}

}  // namespace

TEST_CASE("full entropy passes the stream through") {
  CountingSource source;
  RandomBits bits(settings(Construction::full_entropy), source.fill());
  Bytes out(1000);
  bits.generate(out);
  CHECK(out == CountingSource::range(0, 1000));
  CHECK(bits.record().mode == "none");
}

TEST_CASE("RBG3(XOR) is the stream XOR a DRBG instantiated with its first 384 bits") {
  CountingSource source;
  RandomBits bits(settings(Construction::rbg3_xor), source.fill());
  Bytes out(200'000);
  bits.generate(out);
  Drbg drbg("hmac-sha2-256", CountingSource::range(0, 32), CountingSource::range(32, 16));
  Bytes expected = CountingSource::range(48, out.size());
  for (std::size_t at = 0; at < expected.size();) {
    Bytes mask(std::min(Drbg::most_bytes, expected.size() - at));
    drbg.generate(mask);
    for (const std::byte b : mask)
      expected[at++] ^= b;
  }
  CHECK(out == expected);
  CHECK(source.at == 48 + out.size());
}

TEST_CASE("RBG3(RS) reseeds with s + 64 bits for every s bits") {
  CountingSource source;
  RandomBits bits(settings(Construction::rbg3_rs), source.fill());
  Bytes out(100);
  bits.generate(out);
  Drbg drbg("hmac-sha2-256", CountingSource::range(0, 32), CountingSource::range(32, 16));
  Bytes expected;
  for (std::uint64_t taken = 48; expected.size() < out.size(); taken += 40) {
    drbg.reseed(CountingSource::range(taken, 40));
    Bytes part(std::min<std::size_t>(32, out.size() - expected.size()));
    drbg.generate(part);
    expected.insert(expected.end(), part.begin(), part.end());
  }
  CHECK(out == expected);
  CHECK(source.at == 48 + 4 * 40);
}

TEST_CASE("RBG2 reseeds before a seed serves more bytes than allowed") {
  CountingSource source;
  RandomBits bits(settings(Construction::rbg2, 1000), source.fill());
  Bytes out(2500);
  bits.generate(out);
  Drbg drbg("hmac-sha2-256", CountingSource::range(0, 32), CountingSource::range(32, 16));
  Bytes expected(2500);
  drbg.generate(std::span(expected).first(1000));
  drbg.reseed(CountingSource::range(48, 32));
  drbg.generate(std::span(expected).subspan(1000, 1000));
  drbg.reseed(CountingSource::range(80, 32));
  drbg.generate(std::span(expected).subspan(2000));
  CHECK(out == expected);
  CHECK(bits.record().reseeds == 2);
  CHECK(bits.record().bytes == 2500);
  CHECK(bits.record().full_entropy_bytes == 112);
}

TEST_CASE("what a run takes is known before") {
  for (const Construction construction :
       {Construction::full_entropy, Construction::rbg3_xor, Construction::rbg3_rs, Construction::rbg2}) {
    for (const std::size_t bytes : {1UL, 32UL, 33UL, 999UL, 1000UL, 1001UL, 70000UL}) {
      CountingSource source;
      RandomBits bits(settings(construction, 1000), source.fill());
      Bytes out(bytes);
      bits.generate(out);
      INFO(name_of(construction) << " " << bytes);
      CHECK(source.at == RandomBits::entropy_bytes(settings(construction, 1000), bytes));
      CHECK(construction_from(name_of(construction)) == construction);
    }
  }
}

TEST_CASE("however a run is cut, it takes the same, gives full pieces, and its evidence can be made again") {
  for (const Construction construction :
       {Construction::full_entropy, Construction::rbg3_xor, Construction::rbg3_rs, Construction::rbg2}) {
    CAPTURE(name_of(construction));
    const auto given = settings(construction, 1000);
    CountingSource whole_source;
    RandomBits whole(given, whole_source.fill());
    Bytes at_once(3000);
    whole.generate(at_once);
    CountingSource source;
    RandomBits bits(given, source.fill());
    Bytes out(3000);
    for (std::size_t at = 0, step = 1; at < out.size(); at += step, step = std::min(step * 3 + 1, out.size() - at))
      bits.generate(std::span(out).subspan(at, step));
    CHECK(source.at == whole_source.at);
    if (construction == Construction::rbg3_rs) CHECK(out == at_once);
    CHECK(bits.record() == RandomBits::record_of(given, out.size()));
    const Json json = Json::parse(to_json(bits.record()).dump());
    const auto read = RandomBits::settings_from(expansion_record_from({json, "expansion"}));
    CHECK(RandomBits::record_of(read, out.size()) == bits.record());
  }
  const Json forged = to_json(RandomBits::record_of(settings(Construction::rbg2, 1000), 10));
  for (const auto& [name, value] : std::vector<std::pair<const char*, Json>>{{"mode", "rbg1"},
                                                                             {"mode", "full-entropy"},
                                                                             {"drbg", "rot13"},
                                                                             {"drbg", "ctr-aes-128"},
                                                                             {"bytes_per_seed", 0}}) {
    CAPTURE(name, value);
    Json lie = forged;
    lie[name] = value;
    CHECK_THROWS_AS(RandomBits::settings_from(expansion_record_from({lie, "expansion"})), Error);
  }
}

TEST_CASE("a failing source stops every construction") {
  for (const Construction construction :
       {Construction::full_entropy, Construction::rbg3_xor, Construction::rbg3_rs, Construction::rbg2}) {
    CountingSource source;
    source.fails_after = 60;
    RandomBits bits(settings(construction, 10), source.fill());
    Bytes out(100);
    CHECK_THROWS_AS(bits.generate(out), Error);
  }
  CountingSource dead;
  dead.fails_after = 0;
  CHECK_THROWS_AS(RandomBits(settings(Construction::rbg2), dead.fill()), Error);
}

TEST_CASE("settings that do not fit are refused") {
  CountingSource source;
  CHECK_THROWS_AS(construction_from("rbg1"), Error);
  CHECK_THROWS_AS(RandomBits(settings(Construction::rbg2, 0), source.fill()), Error);
  CHECK_THROWS_AS(RandomBits({.construction = Construction::rbg2, .drbg = "ctr-aes-128"}, source.fill()), Error);
  CHECK_THROWS_AS(RandomBits({.construction = Construction::rbg2, .drbg = "rot13"}, source.fill()), Error);
}
