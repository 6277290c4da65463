// SPDX-License-Identifier: Apache-2.0
#include "provision/order/order_lines.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/category_of.h"
#include "tests/environment.h"
#include "tests/open_files.h"
#include "tests/provision/order/same_lines.h"
#include "tests/scratch.h"
#include "tests/small_files.h"

using namespace lightseed;
using test::category_of;
using test::nameless_files_in;
using test::texts_of;

namespace {

std::vector<OrderLine> some_lines(std::size_t count) {
  std::vector<OrderLine> lines(count);
  for (std::size_t i = 0; i < count; ++i) {
    lines[i].iccid = fmt::format("89{:018}", i * 7919);
    lines[i].imsi = fmt::format("{:015}", i + 1);
    lines[i].line = static_cast<std::uint32_t>(i + 2);
  }
  return lines;
}

OrderLines collected(const std::vector<OrderLine>& lines, const OrderMemory& memory) {
  OrderLineCollector collector(memory);
  for (const OrderLine& line : lines)
    collector.add(line);
  return collector.finish();
}

}  // namespace

TEST_CASE("order lines: in a file they read as in memory, at every border of pieces") {
  const test::Scratch scratch;
  const test::Environment tmpdir("TMPDIR", scratch.path().string());
  for (const std::size_t count : {0U, 1U, 3U, 4U, 5U, 8U, 9U, 13U}) {
    const auto lines = some_lines(count);
    for (const std::size_t in_memory : {0U, 1U, 4U, 7U, 12U, 13U, 20U}) {
      for (const std::size_t piece : {1U, 4U, 5U, 30U}) {
        const OrderLines all = collected(lines, {.lines = in_memory, .piece = piece});
        CAPTURE(count, in_memory, piece);
        CHECK(nameless_files_in(scratch.path()).size() == (count > in_memory ? 1 : 0));
        CHECK(all.size() == count);
        CHECK(all.empty() == (count == 0));
        CHECK(texts_of(all) == texts_of(OrderLines(lines)));
        for (std::size_t first = 0; first <= count; ++first) {
          if (first < count) CHECK(all[first].iccid == lines[first].iccid.view());
          for (std::size_t size = 0; first + size <= count; ++size) {
            const auto from = lines.begin() + static_cast<std::ptrdiff_t>(first);
            const std::vector<OrderLine> expected(from, from + static_cast<std::ptrdiff_t>(size));
            const OrderLines part = all.part(first, size);
            CHECK(texts_of(part) == texts_of(OrderLines(expected)));
            if (size > 1) CHECK(part.part(1, size - 1)[0].imsi == lines[first + 1].imsi.view());
          }
        }
      }
    }
  }
  CHECK(nameless_files_in(scratch.path()).empty());
}

TEST_CASE("order lines: parts keep the file, and are joined without a copy where they follow each other") {
  const test::Scratch scratch;
  const test::Environment tmpdir("TMPDIR", scratch.path().string());
  const auto lines = some_lines(20);
  OrderLines all = collected(lines, {.lines = 5, .piece = 4});
  const std::vector<OrderLines> following{all.part(3, 5), all.part(8, 1), all.part(9, 6)};
  const std::vector<OrderLines> scattered{all.part(3, 5), all.part(10, 3), all.part(0, 2)};
  const auto expected = texts_of(all);
  all = {};
  REQUIRE(nameless_files_in(scratch.path()).size() == 1);
  CHECK(texts_of(OrderLines::joined(following)) ==
        std::vector<std::string>(expected.begin() + 3, expected.begin() + 15));
  std::vector<std::string> some(expected.begin() + 3, expected.begin() + 8);
  some.insert(some.end(), expected.begin() + 10, expected.begin() + 13);
  some.insert(some.end(), expected.begin(), expected.begin() + 2);
  CHECK(texts_of(OrderLines::joined(scattered)) == some);
  CHECK(OrderLines::joined({}).empty());
}

TEST_CASE("order lines: what the disk lost is seen before a line of it is taken") {
  const test::Scratch scratch;
  const test::Environment tmpdir("TMPDIR", scratch.path().string());
  const OrderLines all = collected(some_lines(20), {.lines = 5, .piece = 4});
  const auto open = nameless_files_in(scratch.path());
  REQUIRE(open.size() == 1);
  SECTION("a byte") {
    std::fstream file(open.front());
    file.seekp(10 * sizeof(OrderLine) + 5);
    file << 'x';
  }
  SECTION("what was written of a piece reads as zeros") {
    std::filesystem::resize_file(open.front(), 8 * sizeof(OrderLine));
    std::filesystem::resize_file(open.front(), 20 * sizeof(OrderLine));
  }
  SECTION("the end") {
    std::filesystem::resize_file(open.front(), 11 * sizeof(OrderLine));
  }
  CHECK(all[7].line == 9);
  CHECK(category_of([&] { (void)all[8]; }) == Category::io);
  CHECK(category_of([&] { (void)all.copy(); }) == Category::io);
}

TEST_CASE("order lines: a short order needs no temporary file, and a long one has it or says what is missing") {
  const test::Scratch scratch;
  const auto lines = some_lines(200);
  {
    const test::Environment tmpdir("TMPDIR", (scratch / "nowhere").string());
    CHECK(collected(lines, {.lines = 200, .piece = 16}).size() == 200);
    CHECK(category_of([&] { (void)collected(lines, {.lines = 199, .piece = 16}); }) == Category::io);
  }
  const test::Environment tmpdir("TMPDIR", scratch.path().string());
  const test::SmallFiles limit(150 * sizeof(OrderLine));
  CHECK(category_of([&] { (void)collected(lines, {.lines = 10, .piece = 16}); }) == Category::io);
  CHECK(collected(some_lines(150), {.lines = 10, .piece = 16}).size() == 150);
}
