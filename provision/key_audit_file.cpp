// SPDX-License-Identifier: Apache-2.0
#include "provision/key_audit_file.h"

#include <fmt/format.h>

#include "core/error.h"
#include "evidence/json_text.h"
#include "evidence/record_text.h"

namespace lightseed {

std::string key_audit_name(std::string_view batch) {
  return fmt::format("{}.audit.json", batch);
}

KeyAuditRecord read_key_audit(std::string_view text) try {
  constexpr std::size_t depth = 8;
  const Json json = parse_json(text, "the record", {.bytes = largest_key_audit, .depth = depth});
  KeyAuditRecord record = key_audit_record_from(ObjectReader(json, ""));
  if (record_text(record) != text) throw Error(Category::malformed, "the record is not spelled as it is written");
  return record;
} catch (const Error& why) {
  throw Error(Category::verdict, why.what());
}

std::optional<std::string> difference_of(const KeyAuditRecord& right, const KeyAuditRecord& given) {
  for (std::size_t s = 0; s < right.suites.size() && s < given.suites.size(); ++s) {
    const KeyAuditSuite& suite = right.suites[s];
    const auto& tests = given.suites[s].tests;
    for (std::size_t t = 0; t < suite.tests.size() && t < tests.size(); ++t) {
      if (suite.tests[t] == tests[t]) continue;
      if (suite.tests[t].id == tests[t].id && suite.tests[t].outcome != tests[t].outcome) {
        return fmt::format("{} {} is {}, not {}", suite.id, tests[t].id, capitals(suite.tests[t].outcome),
                           capitals(tests[t].outcome));
      }
      return fmt::format("{} {} is another test, or needs another amount", suite.id, suite.tests[t].id);
    }
    if (suite != given.suites[s]) return fmt::format("{} has other sequences, or another number of tests", suite.id);
  }
  if (right.suites != given.suites) return "there are other suites";
  return std::nullopt;
}

}  // namespace lightseed
