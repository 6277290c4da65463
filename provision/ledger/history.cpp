// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/hex.h"
#include "evidence/issue_request_record.h"

namespace lightseed {

namespace {

constexpr std::size_t faults_kept = 10;

}  // namespace

void BlocksDigest::add(std::span<const std::byte> id, std::string_view iccid, std::uint64_t charge,
                       std::uint64_t file) {
  text_.clear();
  append_netstring(text_, hex(id));
  append_netstring(text_, iccid);
  append_netstring(text_, std::to_string(charge));
  append_netstring(text_, std::to_string(file));
  hash_.update(text_);
}

std::string BlocksDigest::digest() const {
  return hex(hash_.digest());
}

void HistoryCheck::fault(std::string sentence) {
  if (faults_.size() < faults_kept) faults_.push_back(std::move(sentence));
}

void HistoryCheck::add(const LedgerEvent& event) {
  const std::string_view previous = last_.sequence == 0 ? no_event : std::string_view(last_.digest);
  if (event.sequence != last_.sequence + 1) {
    fault(fmt::format("event {} follows event {}: some are missing", event.sequence, last_.sequence));
  } else if (event.previous_digest != previous || event.digest != digest_of(ledger_id_, event)) {
    fault(fmt::format("event {} was changed, or one before it", event.sequence));
  }
  last_ = event;
  if (event.what == event_names::begun || event.what == event_names::adopted) {
    Known known;
    known.blocks = event.blocks;
    if (event.what == event_names::begun) known.request_digest = event.subject;
    const auto state = event.what == event_names::begun ? BatchState::generated : batch_state_from(event.subject);
    if (state) known.state = *state;
    if (!state || !batches_.emplace(event.batch, std::move(known)).second) {
      fault(fmt::format("event {} begins batch {} again, or in no known state", event.sequence, event.batch));
    }
  } else if (event.what == event_names::certified) {
    move(event, BatchState::certified);
  } else if (event.what == event_names::allotted) {
    allot(event);
  } else if (event.what == event_names::issued) {
    move(event, BatchState::issued);
  } else if (event.what == event_names::burned) {
    move(event, BatchState::burned);
  } else if (!live(event) && event.what != event_names::restored && event.what != event_names::created &&
             event.what != event_names::migrated && event.what != event_names::moved) {
    fault(fmt::format("event {} says '{}', which no ledger writes", event.sequence, event.what));
  }
}

void HistoryCheck::allot(const LedgerEvent& event) {
  const auto found = batches_.find(event.batch);
  if (found == batches_.end() || found->second.state == BatchState::burned || !found->second.allotment_sha256.empty()) {
    fault(fmt::format("event {} gives the SIMs of batch {}, which it could not do", event.sequence, event.batch));
    return;
  }
  found->second.allotment_sha256 = event.subject;
}

bool HistoryCheck::live(const LedgerEvent& event) {
  const bool answer = event.what == event_names::acknowledged;
  const bool ends = answer || event.what == event_names::revoked;
  const bool uses = event.what == event_names::used;
  const bool destroys = event.what == event_names::destroyed;
  // Keys can be misused of any batch, and an alarm changes nothing.
  if (event.what == event_names::alarmed) return true;
  const bool releases = event.what == event_names::released;
  if (!ends && !uses && !destroys && !releases) return false;
  const auto found = batches_.find(event.batch);
  if (found == batches_.end() || found->second.state != BatchState::issued || !found->second.life.destruction.empty()) {
    fault(fmt::format("event {} says '{}' of batch {}, which was not issued then, or is destroyed", event.sequence,
                      event.what, event.batch));
    return true;
  }
  LifeFigures& life = found->second.life;
  if (releases && !found->second.release.empty())
    fault(fmt::format("event {} releases batch {} a second time", event.sequence, event.batch));
  if (releases) found->second.release = event.subject;
  if (answer && found->second.release.empty()) found->second.answered_unreleased = true;
  if (answer) life.answers.insert(std::ranges::lower_bound(life.answers, event.subject), event.subject);
  if (ends) life.ended += event.blocks;
  if (uses) life.used += event.blocks;
  if (destroys) life.destruction = event.subject;
  return true;
}

void HistoryCheck::move(const LedgerEvent& event, BatchState to) {
  const auto found = batches_.find(event.batch);
  if (found == batches_.end() || !may_move(found->second.state, to)) {
    fault(
        fmt::format("event {} moves batch {} to {}, which it could not do", event.sequence, event.batch, name_of(to)));
    return;
  }
  Known& known = found->second;
  known.state = to;
  known.blocks = event.blocks;
  if (to == BatchState::certified) known.certificate_sha256 = event.subject;
  if (!event.blocks_sha256.empty()) known.blocks_sha256 = event.blocks_sha256;
}

void HistoryCheck::compare(const BatchRecord& batch) {
  const auto found = batches_.find(batch.id);
  if (found == batches_.end()) {
    fault(fmt::format("batch {} of order {} is in its tables and not in its history", batch.id, batch.order_id));
    return;
  }
  Known& known = found->second;
  known.compared = true;
  if (known.state != batch.state) {
    fault(fmt::format("batch {} of order {} is {} in its tables and {} in its history", batch.id, batch.order_id,
                      name_of(batch.state), name_of(known.state)));
  }
  if (!known.request_digest.empty() &&
      known.request_digest != digest_of_request(batch.order_id, batch.request, batch.directory)) {
    fault(fmt::format("batch {}: order, request or directory were changed since it began", batch.id));
  }
  if (!known.certificate_sha256.empty() && known.certificate_sha256 != batch.certificate_sha256) {
    fault(fmt::format("batch {}: its certificate's digest was changed", batch.id));
  }
  const bool needs_release = !requested_releaser(batch.request).value_or("").empty();
  if (needs_release && known.answered_unreleased)
    fault(fmt::format("batch {} waits for a release, and a side's answer was entered before it", batch.id));
  if (!needs_release && !known.release.empty())
    fault(fmt::format("batch {} waits for nobody's release, and one was entered", batch.id));
}

std::optional<std::uint64_t> HistoryCheck::fixed_blocks_of(const std::string& batch) const {
  const auto found = batches_.find(batch);
  if (found == batches_.end() || found->second.state == BatchState::generated) return std::nullopt;
  return found->second.blocks;
}

void HistoryCheck::compare_blocks(const std::string& batch, std::uint64_t blocks) {
  const auto known = fixed_blocks_of(batch);
  if (known.value_or(blocks) == blocks) return;
  fault(fmt::format("batch {} has {} blocks in its tables and {} in its history", batch, blocks, *known));
}

void HistoryCheck::compare_blocks_uncounted(const std::string& batch, bool any) {
  const auto known = fixed_blocks_of(batch);
  if (!known || any == (*known > 0)) return;
  fault(fmt::format("batch {} has {} blocks in its tables and {} in its history", batch, any ? "some" : "no", *known));
}

void HistoryCheck::compare_life(const std::string& batch, const LifeFigures& life) {
  const auto found = batches_.find(batch);
  if (found == batches_.end() || found->second.life == life) return;
  const LifeFigures& known = found->second.life;
  if (known.answers != life.answers) {
    fault(fmt::format("batch {}: the answers of its sides are not those in its history", batch));
  }
  if (known.ended != life.ended) {
    fault(fmt::format("batch {} has {} rejected or revoked blocks in its tables and {} in its history", batch,
                      life.ended, known.ended));
  }
  if (known.used != life.used) {
    fault(fmt::format("batch {} has {} ranges of used keys in its tables and {} in its history", batch, life.used,
                      known.used));
  }
  if (known.destruction != life.destruction) {
    fault(fmt::format("batch {}: its tables and its history differ about whether it was destroyed", batch));
  }
}

const std::string& HistoryCheck::blocks_digest_of(const std::string& batch) const {
  static const std::string nothing;
  const auto found = batches_.find(batch);
  return found == batches_.end() ? nothing : found->second.blocks_sha256;
}

const std::string& HistoryCheck::allotment_digest_of(const std::string& batch) const {
  static const std::string nothing;
  const auto found = batches_.find(batch);
  return found == batches_.end() ? nothing : found->second.allotment_sha256;
}

std::vector<std::string> HistoryCheck::finish() {
  for (const auto& [id, known] : batches_) {
    if (!known.compared) fault(fmt::format("batch {} is in its history and no longer in its tables", id));
  }
  return std::move(faults_);
}

}  // namespace lightseed
