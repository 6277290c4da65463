// SPDX-License-Identifier: Apache-2.0
#include "provision/issue.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "pipeline/measure.h"
#include "pipeline/seed_source.h"
#include "provision/batch_writer.h"
#include "provision/key_audit.h"
#include "provision/preflight.h"
#include "provision/recovery.h"
#include "provision/repeats.h"
#include "provision/taken_ledger.h"

namespace lightseed {
IssueResult issue(const IssueRequest& given, const IssueServices& services) {
  require_sane(given);
  IssueRequest request = given;
  request.directory = target_of(given.directory);

  bool waited = false;
  const auto [ledger, lock] = patiently(services.while_busy, waited, [&] { return take_ledger(request, services); });
  finish_unfinished(*ledger, services.notice);
  require_same_cut(*ledger, request.order.id, 0);
  if (const auto live = ledger->live_batch_of_order(request.order.id)) return issued_before(*live, request);
  require_order_of(ledger->epoch(), request.order.id);
  // Asked in any case: a ledger that contradicts itself about one of them is no ground for keys.
  const KnownSims known = known_sims_of(request, *ledger);
  require_new_sims(request, known);
  (void)try_container(request);
  try_place(request);
  waited = false;
  const auto reservation = patiently(services.while_busy, waited,
                                     [&] { return std::make_unique<const TargetReservation>(request.directory); });
  if (waited) try_place(request);  // the other run has put its batch there, perhaps

  for (const OutletRequest& asked : request.outlets)
    for (const std::string& words : asked.recipient.notices())
      services.notice(fmt::format("{} side: {}", asked.outlet, words));

  const std::unique_ptr<Source> source = services.open_source();
  try_memory(request, source->info().provenance, services.notice);
  if (request.audit) hold_memory_for_audit(source->info().provenance, request.unlocked_memory, services.notice);
  const std::unique_ptr<Source> second = request.seed_source.empty() ? nullptr : services.open_seed_source();
  std::optional<SeedSource> seed;
  if (second != nullptr) {
    require_seed_source(second->info(), source->info());
    // The operator's word on independent samples is for the keys' source alone.
    seed =
        seed_from(*second, seed_log2_epsilon(request.log2_epsilon),
                  services.assess ? services.assess : measure_with({.stop = services.stop}), {.stop = services.stop});
  }
  KeyStreamSettings settings = run_settings(request);
  settings.seed = std::move(seed);
  settings.progress = services.raw_progress;
  settings.notice = services.notice;
  KeyStream keys(
      *source, settings,
      services.assess ? services.assess : measure_with({.iid_claim = request.iid_claim, .stop = services.stop}),
      {.stop = services.stop});
  return write_batch(request, services, *ledger, known.count, keys);
}

}  // namespace lightseed
