// SPDX-License-Identifier: Apache-2.0
#include "stats/input/input.h"
#include "cli/exit_code.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <initializer_list>

#include "core/error.h"
#include "stats/sp800_90b/report.h"
#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;

namespace {

using Symbols = std::vector<std::uint8_t>;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int value : values)
    result.push_back(static_cast<std::byte>(value));
  return result;
}

Input input_from(std::span<const std::byte> data, InputOptions options) {
  return read_all(InputStream(data, std::move(options)));
}

int code_of(const std::vector<std::byte>& data, const InputOptions& options) {
  try {
    input_from(data, options);
  } catch (const Error& error) {
    return cli::exit_code(error.category());
  }
  return 0;
}

bool warns(const Input& input, std::string_view words) {
  return std::any_of(input.warnings.begin(), input.warnings.end(),
                     [&](const std::string& warning) { return warning.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("input: packed samples in both orders") {
  const auto data = bytes({0b11010010, 0b00011011});
  CHECK(input_from(data, {.format = {1, 1}}).symbols == Symbols{1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1});
  CHECK(input_from(data, {.format = {2, 2}}).symbols == Symbols{3, 1, 0, 2, 0, 1, 2, 3});
  CHECK(input_from(data, {.format = {2, 2}, .lsb_first = true}).symbols == Symbols{2, 0, 1, 3, 3, 2, 1, 0});
  CHECK(input_from(data, {.format = {4, 4}}).symbols == Symbols{13, 2, 1, 11});
  CHECK(input_from(data, {.format = {4, 4}, .lsb_first = true}).symbols == Symbols{2, 13, 11, 1});
}

TEST_CASE("input: wide samples, both byte orders, and the bits that are kept") {
  const auto data = bytes({0x34, 0x02, 0xFF, 0x03, 0x00, 0x00});
  const Input little = input_from(data, {.format = {10, 16}, .keep = {9, 8, 5, 4}});
  CHECK(little.symbols == Symbols{0b1011, 0b1111, 0});
  CHECK(little.width == 4);
  CHECK(to_json(little)["kept_bits"] == Json({9, 8, 5, 4}));
  const auto swapped = bytes({0x02, 0x34, 0x03, 0xFF, 0x00, 0x00});
  CHECK(input_from(swapped, {.format = {10, 16}, .big_endian = true, .keep = {9, 8, 5, 4}}).symbols == little.symbols);
  CHECK(code_of(data, {.format = {9, 16}}) == 2);  // 0x234 needs ten bits

  // Bits 11, 10 and 0 of twelve never change, so they are not among the eight; neither is the rarest of the others.
  std::vector<std::byte> wide;
  Random random(1);
  for (int i = 0; i < 4000; ++i) {
    unsigned sample = static_cast<unsigned>(random()) & 0x3FC;
    if (random.per_mille(900)) sample |= 2;
    wide.push_back(static_cast<std::byte>(sample & 255));
    wide.push_back(static_cast<std::byte>(sample >> 8));
  }
  const Input chosen = input_from(wide, {.format = {12, 16}});
  CHECK(chosen.kept == std::vector<unsigned>{9, 8, 7, 6, 5, 4, 3, 2});
  CHECK(chosen.width == 8);
  CHECK(chosen.symbols[0] == (std::to_integer<unsigned>(wide[0]) >> 2 | (std::to_integer<unsigned>(wide[1]) & 3) << 6));
}

TEST_CASE("input: a part of the file") {
  const auto data = bytes({0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(input_from(data, {.skip = 2, .count = 3}).symbols == Symbols{2, 3, 4});
  CHECK(input_from(data, {.skip = 6}).symbols == Symbols{6, 7});
  CHECK(input_from(data, {.format = {4, 4}, .skip = 3, .count = 3}).symbols == Symbols{1, 0, 2});
  CHECK(code_of(data, {.skip = 8}) == 6);
  CHECK(code_of(data, {.skip = UINT64_MAX}) == 6);
  CHECK(code_of(data, {.skip = 2, .count = 7}) == 6);
  CHECK(code_of(data, {.count = 0}) == 6);
  CHECK(code_of({}, {}) == 6);
}

TEST_CASE("input: pieces are the whole, however it is cut") {
  std::vector<std::byte> data(2'500'000);  // more than one read from the file
  Random random(2);
  for (auto& byte : data)
    byte = static_cast<std::byte>(random());
  for (const SampleFormat format : {SampleFormat{8, 8}, {4, 4}, {1, 1}, {16, 16}}) {
    for (const std::uint64_t skip : {0U, 3U, 1'100'003U}) {
      CAPTURE(format.bits, skip);
      const InputOptions options{.format = format, .keep = {0}, .skip = skip};
      const Input whole = input_from(data, options);
      InputStream stream(data, options);
      CHECK(stream.expected() == whole.symbols.size());
      Symbols pieces;
      for (std::size_t most = 1; !stream.at_end(); most = most * 7 + 13) {
        const auto piece = stream.read(most);
        REQUIRE_FALSE(piece.empty());
        REQUIRE(piece.size() <= most);
        pieces.insert(pieces.end(), piece.begin(), piece.end());
      }
      CHECK(pieces == whole.symbols);
      CHECK(stream.finish().sha256 == whole.sha256);
    }
  }
  // A range in the middle ends where it should, and the digest is still that of the whole file.
  InputStream stream(data, {.skip = 1'000'000, .count = 1'200'000});
  CHECK(stream.read(1'000'000).size() == 1'000'000);
  CHECK_FALSE(stream.at_end());
  CHECK(stream.read(1'000'000).size() == 200'000);
  CHECK(stream.at_end());
  CHECK(stream.finish().sha256 == input_from(data, {}).sha256);
}

TEST_CASE("input: what cannot be is refused") {
  const auto data = bytes({200, 1, 2});
  CHECK(code_of(data, {.format = {7, 8}}) == 2);
  CHECK(code_of(data, {.format = {12, 16}}) == 2);  // half a container
  CHECK(code_of(data, {.format = {3, 3}}) == 2);
  CHECK(code_of(data, {.format = {0, 8}}) == 2);
  CHECK(code_of(data, {.format = {17, 16}}) == 2);
  CHECK(code_of(data, {.keep = {8}}) == 2);
  CHECK(code_of(data, {.keep = {1, 1}}) == 2);
  CHECK(code_of(data, {.keep = {7, 6, 5, 4, 3, 2, 1, 0, 0}}) == 2);
  CHECK_THROWS_AS(InputStream("/nonexistent/raw.bin", {}), Error);
}

TEST_CASE("input: the classic mistakes are noticed") {
  CHECK(warns(input_from(bytes({0, 1, 1, 0}), {.format = {1, 1}}), "one bit a byte"));
  CHECK_FALSE(warns(input_from(bytes({0, 1, 1, 2}), {.format = {1, 1}}), "one bit a byte"));
  CHECK(warns(input_from(bytes({'0', '1', '1', '\n'}), {}), "text of the digits"));
  CHECK(warns(input_from(bytes({0, 1, 1, 0}), {}), "only 2 of 256"));
  CHECK(warns(input_from(bytes({0, 1, 2, 15}), {}), "use 4 bits"));
  CHECK_FALSE(warns(input_from(bytes({0, 1, 2, 255}), {}), "bits"));
  CHECK(warns(input_from(bytes({0, 1, 2, 255}), {}), "fewer than the 1000000"));
  CHECK_FALSE(warns(input_from(std::vector<std::byte>(1'000'000), {}), "fewer"));
}

TEST_CASE("report: the table marks what binds and the sentence names it") {
  Random random(6);
  Symbols data(5000);
  for (auto& x : data)
    x = static_cast<std::uint8_t>(random.below(4));
  const Assessment result = assess(data, {.width = 2});
  REQUIRE(result.binding() != nullptr);
  const std::string table = table_of(result);
  CHECK(table.find("<- binding") == table.rfind("<- binding"));
  CHECK(table.find("<- binding") != std::string::npos);
  const std::string words = explanation_of(result, 1.9);
  CHECK(words.find("The " + result.binding()->id + " estimate") != std::string::npos);
  CHECK(words.find("does not hold") != std::string::npos);
  CHECK(explanation_of(result, 0.5).find("holds") != std::string::npos);
  for (const std::string_view id : estimator_ids())
    CHECK_FALSE(find_estimator(id)->looks_for.empty());
  CHECK(explanation_of(assess(Symbols(1000, 1), {}), std::nullopt).find("no entropy") != std::string::npos);
  CHECK(explanation_of(assess(data, {.width = 2, .only = {"lag"}}), std::nullopt).find("screen") != std::string::npos);
}
