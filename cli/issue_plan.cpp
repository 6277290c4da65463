// SPDX-License-Identifier: Apache-2.0
#include "cli/issue_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/duration_words.h"
#include "cli/printable.h"
#include "cli/size_words.h"
#include "cli/words.h"
#include "provision/issue_order.h"

namespace lightseed::cli {
namespace {

Json to_json(const PlannedSource& source) {
  return {{"uri", source.info.uri},
          {"provenance", name_of(source.info.provenance)},
          {"bits_per_sample", source.info.claim.bits_per_sample},
          {"raw_samples_at_least", source.raw_samples},
          {"seconds_at_least", source.seconds ? Json(*source.seconds) : Json()}};
}

Json to_json(const PlannedAudit& audit) {
  return {{"files", audit.files},
          {"bits", audit.bits},
          {"first_bits", audit.first_bits},
          {"bytes_at_most", audit.bytes_at_most},
          {"processor_seconds", audit.seconds}};
}

Json to_json(const IssuePlan& plan, const IssueRequest& request) {
  Json files = Json::array();
  for (const PlannedFile& file : plan.files) {
    files.push_back({{"side", file.outlet},
                     {"number", file.number},
                     {"blocks", file.blocks},
                     {"bytes_at_most", file.bytes_at_most}});
  }
  Json sources = Json::array();
  for (const auto* source : {&plan.source, &plan.seed_source})
    if (*source) sources.push_back(to_json(**source));
  Json json{{"order", request.order.id},
            {"already_issued", plan.already_issued},
            {"batch", plan.already_issued ? Json(plan.batch) : Json()},
            {"directory", plan.directory.string()},
            {"sims", plan.sims},
            {"keys_per_sim", request.keys_per_sim},
            {"key_bytes", request.key_bytes},
            {"key_bytes_total", plan.key_bytes},
            {"top_ups", plan.top_ups},
            {"new_ledger", plan.new_ledger},
            {"sources", std::move(sources)},
            {"files", std::move(files)},
            {"bytes_needed", plan.already_issued ? Json() : Json(plan.bytes_needed)},
            {"bytes_free", plan.bytes_free ? Json(*plan.bytes_free) : Json()}};
  if (plan.audit) json["audit"] = to_json(*plan.audit);
  return json;
}

/// The files of one side, which follow each other in the plan.
std::string file_words(std::span<const PlannedFile> files) {
  const auto& largest = *std::ranges::max_element(files, {}, &PlannedFile::bytes_at_most);
  return fmt::format("{}, {}at most {}", counted(files.size(), "file"), files.size() > 1 ? "each " : "",
                     size_words(largest.bytes_at_most));
}

std::string source_words(const PlannedSource& source) {
  return fmt::format("{}, {}: claims {:.4g} bits a sample; at least {} raw samples, {}", source.info.uri,
                     name_of(source.info.provenance), source.info.claim.bits_per_sample, source.raw_samples,
                     source.seconds ? duration_words(*source.seconds) : "at no known rate");
}

void print_plan(std::ostream& out, const IssuePlan& plan, const IssueRequest& request) {
  const auto line = [&](std::string_view name, const std::string& value) {
    out << fmt::format("{:<13} ", printable(name)) << printable(value, 2000) << "\n";
  };
  line("order", fmt::format("{}, {}", request.order.id, counted(plan.sims, "SIM")));
  if (plan.already_issued) {
    line("batch", plan.batch + ", issued before");
    line("directory", plan.directory.string());
    out << "Nothing would be generated.\n";
    return;
  }
  line("keys", fmt::format("{} of {} for each SIM, {} together", request.keys_per_sim,
                           counted(request.key_bytes, "byte"), size_words(plan.key_bytes)));
  if (plan.top_ups > 0) line("top-up", counted(plan.top_ups, "SIM") + " of them have keys and would get more");
  if (plan.new_ledger) line("ledger", request.ledger + " would be made: it knows of no order issued from another one");
  for (auto first = plan.files.begin(); first != plan.files.end();) {
    const auto last =
        std::find_if(first, plan.files.end(), [&](const auto& file) { return file.outlet != first->outlet; });
    line(first->outlet + " side", file_words({first, last}));
    first = last;
  }
  if (plan.audit) {
    line("audit", fmt::format("of {} bits, {} of them closely: {}, at most {}, and some {} of a core", plan.audit->bits,
                              plan.audit->first_bits, counted(plan.audit->files, "file"),
                              size_words(plan.audit->bytes_at_most), duration_words(plan.audit->seconds)));
  }
  line("directory", plan.directory.string());
  line("room", fmt::format("{} needed, {}", size_words(plan.bytes_needed),
                           plan.bytes_free ? size_words(*plan.bytes_free) + " free" : "and what is free is not known"));
  if (plan.source) line("source", source_words(*plan.source));
  if (plan.seed_source) line("seed", source_words(*plan.seed_source));
  if (plan.source && !banner(plan.source->info.provenance).empty()) out << banner(plan.source->info.provenance) << "\n";
  out << "No sample was read: tests and assessment may refuse the source, or find less than it claims.\n"
      << "Nothing was made or changed.\n";
}

}  // namespace

void show_issue_plan(const Context& context, const IssueRequest& request, const IssueServices& services) {
  const IssuePlan plan = rehearse(request, services);
  if (context.json()) {
    context.print_json("batch-issue-plan", to_json(plan, request));
  } else {
    print_plan(context.out(), plan, request);
  }
}

void show_order_plan(const Context& context, const IssueRequest& request, std::uint64_t sims_a_part,
                     const IssueServices& services) {
  const OrderRemainder rest = remainder_of(request, sims_a_part);
  const bool is_done = rest.issued == rest.parts;
  std::optional<IssuePlan> plan;
  if (!is_done) plan = rehearse(rest.request, services);
  if (plan && plan->audit) plan->audit = planned_audit(plan->key_bytes * 8, rest.parts - rest.issued);
  if (context.json()) {
    Json body{{"order", request.order.id}, {"parts", rest.parts}, {"parts_issued", rest.issued}};
    body["rest"] = plan ? to_json(*plan, rest.request) : Json();
    context.print_json("batch-issue-order-plan", body);
    return;
  }
  context.out() << fmt::format("{:<13} {}, each a batch; {} of them issued before\n", "parts", rest.parts, rest.issued);
  if (plan) {
    print_plan(context.out(), *plan, rest.request);
  } else {
    context.out() << "Nothing would be generated.\n";
  }
}

}  // namespace lightseed::cli
