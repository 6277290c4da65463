// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/epoch_words.h"
#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/status_table.h"
#include "cli/verbs.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {
namespace {

/// Why each batch was burned, as the history says.
std::map<std::string, std::string> reasons_of(Ledger& ledger) {
  std::map<std::string, std::string> reasons;
  for (const LedgerEvent& event : ledger.events())
    if (event.what == event_names::burned && !event.subject.empty()) reasons[event.batch] = event.subject;
  return reasons;
}

/// Nothing where it cannot be seen: on a file system without locks.
std::optional<bool> is_issuing(Ledger& ledger) try { return ledger.is_issuing(); } catch (const Error&) {
  return std::nullopt;
}

/// Oldest first.
std::vector<BatchStatus> all_batches(Ledger& ledger) {
  const std::optional<bool> issuing = is_issuing(ledger);
  const auto reasons = reasons_of(ledger);
  std::vector<BatchStatus> all;
  BatchStatus* newest_unfinished = nullptr;
  const std::vector<BatchRecord> batches = ledger.batches();
  all.reserve(batches.size());
  for (const BatchRecord& batch : batches) {
    const auto reason = reasons.find(batch.id);
    BatchStatus& status = all.emplace_back(BatchStatus{.batch = batch,
                                                       .blocks = ledger.stages(batch.id),
                                                       .answers = ledger.answers(batch.id),
                                                       .asked = requested_keys(batch.request),
                                                       .reason = reason == reasons.end() ? "" : reason->second,
                                                       .running = std::nullopt});
    if (!is_unfinished(batch.state)) continue;
    if (issuing) status.running = false;
    newest_unfinished = &status;
  }
  // One process issues at a time, and first it burns what others left: only the newest can be its own.
  if (newest_unfinished != nullptr && issuing) newest_unfinished->running = *issuing;
  return all;
}

Json to_json(const BatchStatus& status) {
  Json blocks = Json::object();
  for (const auto& [stage, count] : status.blocks)
    blocks[std::string(name_of(stage))] = count;
  Json answers = Json::array();
  for (const EnteredAnswer& answer : status.answers)
    answers.push_back({{"side", answer.outlet}, {"receipt_sha256", answer.receipt_sha256}, {"entered", answer.moment}});
  Json json{{"batch", status.batch.id},
            {"order", status.batch.order_id},
            {"state", name_of(status.batch.state)},
            {"purpose", status.batch.purpose},
            {"blocks", std::move(blocks)},
            {"answers", std::move(answers)},
            {"directory", status.batch.directory},
            {"created", status.batch.created},
            {"changed", status.batch.changed}};
  if (status.asked) {
    json["sims"] = status.asked->sims;
    json["keys_per_sim"] = status.asked->keys_per_sim;
    json["key_bytes_total"] = status.asked->bytes();
  }
  if (!status.reason.empty()) json["reason"] = status.reason;
  if (status.running) json["running"] = *status.running;
  return json;
}

/// What a ledger says at one moment: one that is issued from must not seem to contradict itself.
struct Answer {
  LedgerFindings findings;
  std::optional<LedgerPosition> position;
  std::vector<BatchStatus> batches;
  std::uint64_t epoch = 1;
};

Answer ask(Ledger& ledger, Depth depth) {
  Answer answer;
  ledger.at_one_moment([&] {
    answer.findings = ledger.examine(depth);
    answer.position = ledger.position();
    answer.batches = all_batches(ledger);
    answer.epoch = ledger.epoch();
  });
  return answer;
}

void print_json(const Context& context, const Answer& answer) {
  Json list = Json::array();
  for (const BatchStatus& status : answer.batches)
    list.push_back(to_json(status));
  Json body = Json::object();
  if (answer.position) body["ledger"] = to_json(*answer.position);
  body["epoch"] = answer.epoch;
  body["batches"] = std::move(list);
  body["faults"] = answer.findings.faults;
  body["notices"] = answer.findings.notices;
  context.print_json("batch-status", body);
}

int run_batch_status(const Context& context) {
  const auto ledger = open_ledger(context.text("ledger"), {});
  Answer answer = ask(*ledger, context.has("check") ? Depth::blocks : Depth::batches);
  std::vector<BatchStatus>& batches = answer.batches;
  const LedgerFindings& findings = answer.findings;
  if (context.has("order-id"))
    std::erase_if(batches, [&](const auto& status) { return status.batch.order_id != context.text("order-id"); });
  const int code = findings.faults.empty() ? 0 : exit_code(Category::verdict);
  if (context.json()) {
    print_json(context, answer);
    return code;
  }
  const Console::Settings& settings = context.console.settings();
  if (batches.empty()) {
    context.out() << "no batch\n";
  } else {
    print_status(context.out(), batches, settings.out_is_terminal ? settings.columns() : 0);
  }
  for (const std::string& fault : findings.faults)
    context.out() << Coloured{Colour::bad, "FAULT"} << "  " << printable(fault, 2000) << "\n";
  for (const std::string& notice : findings.notices)
    context.warn(notice);
  if (const std::string words = words_of_epoch(answer.epoch); !words.empty()) context.note(words);
  return code;
}

}  // namespace

Command batch_status_command() {
  return {
      .name = "batch status",
      .group = "Batches of SIM keys",
      .summary = "what the ledger knows of its batches",
      .description =
          "Lists every batch: its state, when it was begun and last changed, SIMs, bytes of keys, order, place, which "
          "sides answered, what became of its SIMs, and why it was burned. One that is not brought to its end is "
          "running, or dead when nobody issues from the ledger: the next run burns it. Says where the ledger "
          "contradicts its own history or what DB.head remembers of it (exit code 1): events, batches, answers, "
          "endings, "
          "used keys, and that each event has its message. Blocks are counted only of batches that are not brought to "
          "their end; "
          "how many the others have is told by the history. --check counts and reads them too, and whoever issues "
          "counts them. Writes nothing: it works on a medium for reading and for whoever may read the ledger.",
      .examples = {"lightseed batch status --ledger ledger.db", "lightseed batch status --ledger ledger.db --check"},
      .options = {{.name = "ledger", .value = "DB", .text = "the ledger", .required = true},
                  {.name = "check", .text = "hold every block against the history: a million take some seconds"},
                  {.name = "order-id", .value = "ID", .text = "only this order"}},
      .run = run_batch_status};
}

}  // namespace lightseed::cli
