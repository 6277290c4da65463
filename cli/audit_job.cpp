// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <algorithm>
#include <ctime>
#include <sstream>

#include "cli/audit_html.h"
#include "cli/audit_markdown.h"
#include "cli/audit_report.h"
#include "cli/bit_image.h"
#include "cli/exit_code.h"
#include "cli/nearest.h"
#include "core/clock.h"
#include "stats/audit/suite.h"

namespace lightseed::cli {
namespace {

constexpr std::uint64_t usual_sequence_bits = 1'000'000;
constexpr std::uint64_t longest_sequence = 100'000'000;

/// "sp800-22,fips140-2" as two names that there are.
std::vector<std::string> suites_of(const Context& context) {
  if (!context.has("suite")) return {};
  std::vector<std::string> known;
  for (const stats::Suite& suite : stats::suites())
    known.emplace_back(suite.id);
  std::vector<std::string> chosen;
  std::istringstream list(context.text("suite"));
  for (std::string name; std::getline(list, name, ',');) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto meant = nearest(name, known);
      throw Error(Category::usage,
                  fmt::format("--suite {}: there is no such suite{} There are {}", name,
                              meant ? fmt::format("; did you mean {}?", *meant) : ".", fmt::join(known, ", ")));
    }
    chosen.push_back(name);
  }
  if (chosen.empty()) throw Error(Category::usage, fmt::format("--suite: name one of {}", fmt::join(known, ", ")));
  return chosen;
}

/// Options on which the numbers depend, as they were given.
std::string options_given(const Context& context) {
  std::string given;
  for (const char* const option : {"suite", "profile", "sequence-bits", "sequences", "form"}) {
    if (!context.has(option)) continue;
    given += fmt::format("{}--{} {}", given.empty() ? "" : " ", option, context.text(option));
  }
  return given;
}

std::string this_machine() {
  utsname names{};
  if (uname(&names) != 0) return "";
  return fmt::format("{} {}", &names.sysname[0], &names.machine[0]);
}

int exit_code_of(AuditOutcome outcome) {
  switch (outcome) {
    case AuditOutcome::pass: return 0;
    case AuditOutcome::fail: return exit_code(Category::verdict);
    default: return exit_code(Category::not_enough_data);
  }
}

/// What suites take that take no more; nothing where one of them takes all.
std::optional<std::uint64_t> bytes_of_plans(const std::vector<std::string>& suites) {
  std::uint64_t bits = 0;
  for (const std::string& id : suites) {
    const std::uint64_t own = stats::find_suite(id).takes_bits;
    if (own == 0) return std::nullopt;
    bits = std::max(bits, own);
  }
  return suites.empty() ? std::nullopt : std::optional(bits / 8);
}

}  // namespace

AuditJob::AuditJob(const Context& context)
    : options{.suites = suites_of(context),
              .profile = context.options.text_or("profile", ""),
              .threads = static_cast<unsigned>(context.options.count("threads", {0, 256})),
              .stop = context.stop},
      typed(options_given(context)) {
  if (context.has("sequence-bits")) {
    options.sequence_bits = context.options.count("sequence-bits", {8, longest_sequence});
  }
  if (!context.has("sequences")) {
    most_bytes = bytes_of_plans(options.suites);
    return;
  }
  must_have_them = true;
  const std::uint64_t bits = options.sequence_bits.value_or(usual_sequence_bits);
  most_bytes = context.options.count("sequences", {1, 1'000'000'000}) * bits / 8;
}

void refuse_options(const Context& context, std::span<const char* const> options, const std::string& why) {
  for (const char* const option : options) {
    if (!context.options.given(option)) continue;
    throw Error(Category::usage, fmt::format("--{} has no meaning here: {}", option, why));
  }
}

AuditReports::AuditReports(const Context& context)
    : context_(context), markdown_(context, "markdown"), page_(context, "report") {
  if (page_.on_stdout()) throw Error(Category::usage, "--report wants the name of a new file, not -");
  if (context.has("bit-image") && !page_.wanted()) {
    throw Error(Category::usage, "--bit-image is a part of --report FILE");
  }
  if (markdown_.on_stdout() && context.json()) {
    throw Error(Category::usage, "--markdown - and --json both want stdout; give the Markdown a file");
  }
  if (page_.wanted() && markdown_.wanted() && context.text("report") == context.text("markdown")) {
    throw Error(Category::usage, "--report and --markdown name one file; give each its own");
  }
}

int AuditReports::put(const AuditRecord& record, const std::string& typed, std::span<const std::byte> first_bytes,
                      const AuditedSource* source) {
  for (const std::string& warning : record.warnings)
    context_.warn(fmt::format("{}: {}", record.file, warning));
  if (page_.wanted()) {
    page_.write(audit_html(record, {.options = typed,
                                    .machine = this_machine(),
                                    .made = utc_text(std::time(nullptr)),
                                    .first_bytes = first_bytes,
                                    .source = source}));
  }
  if (markdown_.wanted()) markdown_.write(audit_markdown(record));
  if (context_.json()) {
    Json body{{"audit", to_json(record)}};
    if (source != nullptr) {
      body["evidence"] = to_json(source->run);
      body["raw"] = to_json(source->raw);
      body["health_history"] = to_json(source->history);
    }
    context_.print_json("audit", body);
  } else if (!markdown_.on_stdout()) {
    print_audit(context_.out(), record);
  }
  return exit_code_of(record.verdict.outcome);
}

void FirstBytes::keep(std::span<const std::byte> packed) {
  if (!wanted_) return;
  const std::size_t room = bit_image_bytes - std::min(bit_image_bytes, bytes_.size());
  const auto more = packed.first(std::min(room, packed.size()));
  bytes_.insert(bytes_.end(), more.begin(), more.end());
}

bool is_source(const Context& context, const std::string& text) {
  const std::string scheme = text.substr(0, text.find(':') + 1);
  if (scheme.empty()) return false;
  const auto& drivers = context.sources.drivers();
  return std::any_of(drivers.begin(), drivers.end(),
                     [&](const SourceDriver& driver) { return driver.name.starts_with(scheme); });
}

}  // namespace lightseed::cli
