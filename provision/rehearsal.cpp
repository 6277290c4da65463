// SPDX-License-Identifier: Apache-2.0
#include "provision/rehearsal.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "pipeline/planned_run.h"
#include "pipeline/seed_source.h"
#include "provision/batch_writer.h"
#include "provision/file_limits.h"
#include "provision/key_audit.h"
#include "provision/key_audit_file.h"
#include "provision/preflight.h"
#include "provision/repeats.h"
#include "provision/staging.h"

namespace lightseed {
namespace {

using Notice = std::function<void(const std::string&)>;

/// What whoever issues next does first; whether some batch would be burned by it.
bool tell_unfinished(Ledger& ledger, const Notice& notice) {
  bool some = false;
  for (const BatchRecord& batch : ledger.batches()) {
    if (!is_unfinished(batch.state)) continue;
    some = true;
    notice(fmt::format("batch {} of order {} was cut off: it would be burned first", batch.id, batch.order_id));
  }
  return some;
}

/// SIMs of the order that would have keys once unfinished batches are burned.
KnownSims known_afterwards(const IssueRequest& request, Ledger& ledger, bool some_unfinished) {
  KnownSims known = known_sims_of(request, ledger);  // in any case: it looks whether tables and history agree
  if (!some_unfinished || known.count == 0) return known;
  known = {};
  for (const OrderLine& line : request.order.lines) {
    for (const SimBlock& block : ledger.blocks_of_sim(line.iccid)) {
      if (block.batch.state != BatchState::issued) continue;
      if (known.add(std::string(line.iccid.view()))) known.name_batch(block.batch.id);
      break;
    }
  }
  return known;
}

/// A file with one key has `sizes` bytes, by outlet; what more it holds is blocks.
std::vector<PlannedFile> files_of(const IssueRequest& request, std::span<const std::uint64_t> sizes) {
  std::vector<PlannedFile> files;
  const std::uint64_t sims = request.order.lines.size();
  const std::uint64_t step = blocks_a_file(request);
  for (std::size_t outlet = 0; outlet < request.outlets.size(); ++outlet) {
    std::uint64_t number = 1;
    for (std::uint64_t first = 0; first < sims; first += step, ++number) {
      const std::uint64_t blocks = std::min(step, sims - first);
      files.push_back(
          {request.outlets[outlet].outlet, number, blocks, sizes[outlet] + most_bytes_of_blocks(request, blocks)});
    }
  }
  return files;
}

/// A batch of this order that is there already; nothing where it would be made.
std::optional<IssueResult> issued_already(const IssueRequest& request, Ledger& ledger, const Notice& notice) {
  const auto live = ledger.live_batch_of_order(request.order.id);
  if (!live || is_unfinished(live->state)) return std::nullopt;
  if (!is_finished_staging(staging_path(live->directory, live->id), live->id, live->certificate_sha256))
    return issued_before(*live, request);
  require_same_request(*live, request);
  notice(fmt::format("batch {} of order {} is issued but not yet in place: its files would be put into {}", live->id,
                     live->order_id, live->directory));
  IssueResult result;
  result.batch = live->id;
  return result;
}

PlannedSource planned_of(const SourceInfo& info, const KeyStreamSettings& settings) {
  PlannedSource planned{.info = info, .raw_samples = least_raw_samples(settings, info)};
  if (info.nominal_rate > 0) planned.seconds = static_cast<double>(planned.raw_samples) / info.nominal_rate;
  return planned;
}

/// The sources, in the order in which issue() opens and asks them.
void look_at_sources(const IssueRequest& request, const IssueServices& services, IssuePlan& plan) {
  const std::unique_ptr<Source> source = services.open_source();
  try_memory(request, source->info().provenance, services.notice);
  if (request.audit) hold_memory_for_audit(source->info().provenance, request.unlocked_memory, services.notice);
  KeyStreamSettings settings = run_settings(request);
  std::unique_ptr<Source> second;
  if (!request.seed_source.empty()) {
    second = services.open_seed_source();
    require_seed_source(second->info(), source->info());
    settings.seed = {.uri = second->info().uri, .log2_epsilon = seed_log2_epsilon(request.log2_epsilon), .fill = {}};
  }
  plan.source = planned_of(source->info(), settings);
  if (second == nullptr) return;
  const std::uint64_t seed_bits =
      planned_run(settings, source->info().format, claim_of(source->info())).block.shape.seed_bits;
  plan.seed_source = planned_of(second->info(), seed_settings((seed_bits + 63) / 64 * 8, settings.seed->log2_epsilon));
}

}  // namespace

PlannedAudit planned_audit(std::uint64_t bits, std::uint64_t batches) {
  const std::uint64_t of_each = bits / batches;
  return {.files = batches,
          .bits = bits,
          .first_bits = batches * first_bits_of(of_each),
          .bytes_at_most = largest_key_audit,
          .seconds = static_cast<double>(batches) * key_audit_seconds(of_each)};
}

IssuePlan rehearse(const IssueRequest& given, const IssueServices& services) {
  const Notice& notice = services.notice;
  require_sane(given);
  IssueRequest request = given;
  request.directory = target_of(given.directory);
  IssuePlan plan{
      .directory = request.directory, .sims = request.order.lines.size(), .key_bytes = key_bytes_of(request)};

  const auto ledger =
      rehearse_ledger(request.ledger, {.without_memory = request.without_ledger_memory, .notice = notice});
  plan.new_ledger = ledger == nullptr;
  if (ledger != nullptr) {
    const bool some_unfinished = tell_unfinished(*ledger, notice);
    require_same_cut(*ledger, request.order.id, 0);
    if (const auto before = issued_already(request, *ledger, notice)) {
      plan.already_issued = true;
      plan.batch = before->batch;
      return plan;
    }
    require_order_of(ledger->epoch(), request.order.id);
    const KnownSims known = known_afterwards(request, *ledger, some_unfinished);
    require_new_sims(request, known);
    plan.top_ups = known.count;
  }
  const std::vector<std::uint64_t> sizes = try_container(request);
  look_at_place(request);
  require_unreserved(request.directory);
  for (const OutletRequest& asked : request.outlets)
    for (const std::string& words : asked.recipient.notices())
      notice(fmt::format("{} side: {}", asked.outlet, words));
  look_at_sources(request, services, plan);
  plan.files = files_of(request, sizes);
  if (request.audit) plan.audit = planned_audit(plan.key_bytes * 8);
  plan.bytes_needed = bytes_needed(request);
  plan.bytes_free = bytes_free_in(request.directory.parent_path());
  return plan;
}

}  // namespace lightseed
