// SPDX-License-Identifier: Apache-2.0
// How often an audit of perfect data does not end with PASS.
//
//   false_retest AUDITS FIRST_SEED [BYTES]
//
// Each audit runs all suites on BYTES (125000 unless told) from a generator that passes every test here, with a seed of
// its own. Prints each audit that did not pass, and the counts.
#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "stats/audit/audit.h"
#include "stats/sp800_90b/iid/random.h"

using namespace lightseed;

namespace {

std::vector<std::byte> perfect_bytes(std::uint64_t seed, std::size_t size) {
  sp800_90b::Xoshiro random(seed, 1);
  std::vector<std::byte> bytes(size);
  for (auto& byte : bytes)
    byte = static_cast<std::byte>(random() >> 56);
  return bytes;
}

std::uint64_t number(const char* text) {
  return std::strtoull(text, nullptr, 10);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "false_retest AUDITS FIRST_SEED [BYTES]\n");
    return 2;
  }
  const std::uint64_t audits = number(argv[1]);
  const std::uint64_t first = number(argv[2]);
  const std::size_t bytes = argc > 3 ? number(argv[3]) : 125'000;
  std::uint64_t retests = 0;
  std::uint64_t fails = 0;
  for (std::uint64_t seed = first; seed < first + audits; ++seed) {
    stats::Audit audit({.threads = 1});
    audit.add(perfect_bytes(seed, bytes));
    const AuditVerdict verdict = audit.finish().verdict;
    if (verdict.outcome == AuditOutcome::pass) continue;
    (verdict.outcome == AuditOutcome::fail ? fails : retests) += 1;
    fmt::print("seed {}: {}, {:.2e}: {} of {}\n", seed, name_of(verdict.outcome), verdict.chance,
               verdict.groups.front().test, verdict.groups.front().suite);
  }
  fmt::print("{} audits of {} bytes: {} RETEST, {} FAIL\n", audits, bytes, retests, fails);
  return 0;
}
