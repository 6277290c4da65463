// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/merge.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <initializer_list>

#include "core/hex.h"
#include "core/version.h"
#include "crypto/digest.h"
#include "evidence/json_text.h"
#include "stats/audit/audit.h"
#include "stats/audit/p_value_suite.h"
#include "tests/stats/random_bytes.h"

using namespace lightseed;
using namespace lightseed::stats;
using Catch::Contains;
using test::random_bytes;

namespace {

using RawBytes = std::vector<std::byte>;

std::string sha256_of(std::span<const std::byte> bytes) {
  Sha256 digest;
  digest.update(bytes);
  return hex(digest.digest());
}

/// A part as it is after a way through a file.
AuditPart read_back(const AuditPart& part) {
  return audit_part_from(ObjectReader(parse_json(json_text(to_json(part)), "a part", {.bytes = 1U << 30}), ""));
}

AuditPart part_of(const AuditOptions& options, const RawBytes& bytes, const Shard& shard) {
  Audit audit(options);
  const ByteRange range = audit.range_of(shard, bytes.size());
  audit.begin(shard, bytes.size());
  const auto mine = std::span(bytes).subspan(range.at, range.bytes);
  audit.add(mine);
  AuditPart part{.version = std::string(version()),
                 .commit = std::string(commit()),
                 .index = shard.index,
                 .of = shard.of,
                 .file = "f.bin",
                 .file_bytes = bytes.size(),
                 .audited_bytes = bytes.size(),
                 .suites_wanted = options.suites,
                 .profile = options.profile,
                 .sequence_bits = options.sequence_bits,
                 .range = {.at = range.at, .bytes = range.bytes, .sha256 = sha256_of(mine)},
                 .suites = audit.part()};
  if (shard.index == 1) {
    part.whole = AuditWhole{.sha256 = sha256_of(bytes)};
    for (std::uint64_t k = 1; k <= shard.of; ++k) {
      const ByteRange other = audit.range_of({.index = k, .of = shard.of}, bytes.size());
      part.whole->ranges.push_back(sha256_of(std::span(bytes).subspan(other.at, other.bytes)));
    }
  }
  return read_back(part);
}

std::vector<AuditPart> parts_of(const AuditOptions& options, const RawBytes& bytes, std::uint64_t of) {
  std::vector<AuditPart> parts;
  for (std::uint64_t k = 1; k <= of; ++k)
    parts.push_back(part_of(options, bytes, {.index = k, .of = of}));
  return parts;
}

std::string whole_of(const AuditOptions& options, const RawBytes& bytes) {
  Audit audit(options);
  audit.add(bytes);
  AuditRecord record = audit.finish();
  record.file = "f.bin";
  record.form = "packed";
  record.sha256 = sha256_of(bytes);
  record.bytes = bytes.size();
  return json_text(to_json(record));
}

/// Parts of each of these numbers of shards.
void require_same(const AuditOptions& options, const RawBytes& bytes, std::initializer_list<std::uint64_t> shards) {
  const std::string whole = whole_of(options, bytes);
  for (const std::uint64_t of : shards) {
    CAPTURE(bytes.size(), of);
    auto parts = parts_of(options, bytes, of);
    std::reverse(parts.begin(), parts.end());
    CHECK(json_text(to_json(merge(std::move(parts)))) == whole);
  }
}

}  // namespace

TEST_CASE("shards of a stream merge to the audit of the whole, byte for byte") {
  // Every suite; a piece behind the last whole sequence of each.
  const AuditOptions all{.sequence_bits = 80'000};
  require_same(all, random_bytes(2'300'007, 31), {1, 7});
}

TEST_CASE("there may be more shards than sequences, and less than a sequence of data") {
  require_same({}, random_bytes(25'007, 32), {5});
  require_same({}, random_bytes(130'001, 33), {40});
  require_same({.suites = {"fips140-2"}}, random_bytes(2'501, 34), {3});
  require_same({.suites = {"pooled", "ent"}}, random_bytes(360'001, 35), {4});
  require_same({}, random_bytes(3, 36), {2});
  require_same({.suites = {"ais31-a"}}, RawBytes(2'200'000), {2});
  require_same({}, {}, {2});
  // Suites that take no more than so much: behind it nothing is looked at, and that is on record.
  require_same({.suites = {"gmt0062-periodic", "ent"}}, random_bytes(20 * 2'500 + 4'321, 39), {3});
  require_same({.suites = {"gmt0062-periodic"}}, random_bytes(19 * 2'500 + 3, 39), {30});
}

TEST_CASE("no more p-values are listed than of one audit") {
  const AuditOptions options{.suites = {"sp800-22"}, .sequence_bits = 104};
  const RawBytes bytes = random_bytes(13 * (most_listed + 700), 37);
  require_same(options, bytes, {3});
  const auto parts = parts_of(options, bytes, 3);
  CHECK(parts[0].suites[0].listed + parts[1].suites[0].listed + parts[2].suites[0].listed == most_listed);
}

TEST_CASE("the shares of shards meet without gap or overlap, however many there are") {
  for (const std::string id : {"sp800-22", "ais31-a", "fips140-2", "pooled"}) {
    const Audit audit({.suites = {id}});
    for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{5'000'003}, std::uint64_t{1} << 62}) {
      for (const std::uint64_t of : {1, 3, 64, 1'000}) {
        std::uint64_t at = 0;
        for (std::uint64_t k = 1; k <= of; ++k) {
          const ByteRange range = audit.range_of({.index = k, .of = of}, bytes);
          if (range.bytes == 0) continue;
          REQUIRE(range.at == at);
          at += range.bytes;
        }
        CHECK(at == bytes);
      }
    }
  }
}

TEST_CASE("shards that are not those of one audit are refused") {
  const AuditOptions options{.suites = {"fips140-2", "ent"}};
  const RawBytes bytes = random_bytes(500'000, 38);
  const auto parts = parts_of(options, bytes, 3);
  CHECK_THROWS_WITH(merge({}), Contains("no parts"));
  CHECK_THROWS_WITH(merge({parts[0], parts[2]}), Contains("missing are 2"));
  CHECK_THROWS_WITH(merge({parts[1], parts[2]}), Contains("missing are 1"));
  CHECK_THROWS_WITH(merge({parts[0], parts[1], parts[2], parts[1]}), Contains("shard 2 is there twice"));
  const auto with = [&](auto change) {
    auto changed = parts;
    change(changed[1]);
    return changed;
  };
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.of = 4; })), Contains("number of shards"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.file_bytes = 7; })), Contains("bytes of the file"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.options = "--suite ent"; })), Contains("options"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.suites_wanted = {"ent"}; })), Contains("suites"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.profile = "2012"; })), Contains("profile"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.sequence_bits = 8; })), Contains("sequence length"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.commit = "other"; })), Contains("commit"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.range.bytes += 1; })), Contains("its share is"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.suites.pop_back(); })), Contains("1 suites"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.suites[1].counts.pop_back(); })), Contains("values"));
  CHECK_THROWS_WITH(merge(with([](AuditPart& p) { p.suites[0].tests.pop_back(); })), Contains("fips140-2"));
  // One bit of the file was another when the third shard read it.
  auto other = bytes;
  other[499'000] ^= std::byte{1};
  CHECK_THROWS_WITH(merge({parts[0], parts[1], part_of(options, other, {.index = 3, .of = 3})}),
                    Contains("shard 3 read other bytes"));
  auto unknown = to_json(parts[1]);
  unknown["part"]["surplus"] = 1;
  CHECK_THROWS_WITH(audit_part_from(ObjectReader(unknown, "")), Contains("part.surplus"));
  auto wrong = to_json(parts[1]);
  wrong["part"]["suites"][0]["tests"][0]["values"]["p"] = {2};
  CHECK_THROWS_WITH(audit_part_from(ObjectReader(wrong, "")), Contains("no list of probabilities"));
}
