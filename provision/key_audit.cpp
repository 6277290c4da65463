// SPDX-License-Identifier: Apache-2.0
#include "provision/key_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/locked_process.h"
#include "stats/audit/audit.h"
#include "stats/audit/secrecy.h"
#include "stats/verdict/verdict.h"

namespace lightseed {
namespace {

template <std::size_t count>
std::unique_ptr<stats::Audit> audit_by(const std::array<const char*, count>& suites, const std::stop_token& stop) {
  return std::make_unique<stats::Audit>(stats::AuditOptions{.suites = {suites.begin(), suites.end()}, .stop = stop});
}

}  // namespace

std::vector<std::string> key_audit_suites() {
  std::vector<std::string> all(suites_of_first_bits.begin(), suites_of_first_bits.end());
  all.insert(all.end(), suites_of_all_bits.begin(), suites_of_all_bits.end());
  return all;
}

std::uint64_t first_bits_of(std::uint64_t bits) noexcept {
  return std::min(bits, most_first_bits);
}

double key_audit_seconds(std::uint64_t bits) noexcept {
  constexpr double per_first_bit = 80e-9;
  constexpr double per_bit = 0.5e-9;
  if (bits < stats::least_bits_for_outcomes) return 0;
  return per_first_bit * static_cast<double>(first_bits_of(bits)) + per_bit * static_cast<double>(bits);
}

KeyAudit::KeyAudit(std::uint64_t bytes, std::stop_token stop)
    : bits_(bytes * 8),
      first_left_(first_bits_of(bits_) / 8),
      first_(audit_by(suites_of_first_bits, stop)),
      all_(audit_by(suites_of_all_bits, stop)) {}

KeyAudit::~KeyAudit() = default;

void KeyAudit::add(std::span<const std::byte> keys) {
  if (bits_ < stats::least_bits_for_outcomes) return;
  all_->add(keys);
  const auto first = keys.first(std::min<std::uint64_t>(keys.size(), first_left_));
  first_->add(first);
  first_left_ -= first.size();
}

KeyAudit::Result KeyAudit::finish(const std::string& batch) {
  AuditRecord whole = first_->finish();
  AuditRecord of_all = all_->finish();
  whole.bits = of_all.bits;
  std::ranges::move(of_all.suites, std::back_inserter(whole.suites));
  // One verdict over both.
  whole.verdict = stats::judge(whole.suites);
  return {.record = {.batch = batch,
                     .bits = bits_,
                     .first_bits = first_bits_of(bits_),
                     .suites = stats::outcomes_alone(whole)},
          .verdict = std::move(whole.verdict)};
}

std::string worst_of(const AuditVerdict& verdict) {
  if (verdict.groups.empty()) return "no test";
  const AuditGroup& worst = verdict.groups.front();
  return fmt::format("{} {}, adjusted p {:.1e}", worst.suite, worst.test, worst.adjusted);
}

void hold_memory_for_audit(Provenance provenance, bool accepted,
                           const std::function<void(const std::string&)>& notice) {
  if (lock_all_memory() || !memory_can_be_swapped()) return;
  const std::string words =
      "the system allows too little locked memory, and keys under audit could reach swap space; raise the limit "
      "(ulimit -l unlimited, LimitMEMLOCK=infinity of a service), or turn swapping off";
  if (fit_for_production(provenance) && !accepted) throw Error(Category::refused, words);
  notice(words);
}

}  // namespace lightseed
