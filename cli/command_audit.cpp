// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <functional>
#include <optional>
#include <sstream>

#include "cli/audit_html.h"
#include "cli/audit_markdown.h"
#include "cli/audit_report.h"
#include "cli/bit_image.h"
#include "cli/exit_code.h"
#include "cli/nearest.h"
#include "cli/progress.h"
#include "cli/raw_input.h"
#include "cli/report_file.h"
#include "cli/verbs.h"
#include "core/clock.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "stats/audit/audit.h"
#include "stats/audit/bit_form.h"

namespace lightseed::cli {
namespace {

using stats::BitForm;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::uint64_t usual_sequence_bits = 1'000'000;
constexpr std::uint64_t longest_sequence = 100'000'000;

std::vector<std::string> suite_names() {
  std::vector<std::string> names;
  for (const stats::Suite& suite : stats::suites())
    names.emplace_back(suite.id);
  return names;
}

/// "sp800-22,fips140-2" as two names that there are.
std::vector<std::string> suites_of(const Context& context) {
  if (!context.has("suite")) return {};
  const std::vector<std::string> known = suite_names();
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

stats::AuditOptions options_of(const Context& context) {
  stats::AuditOptions options{.suites = suites_of(context),
                              .profile = context.options.text_or("profile", ""),
                              .threads = static_cast<unsigned>(context.options.count("threads", {0, 256})),
                              .stop = context.stop};
  if (context.has("sequence-bits")) {
    options.sequence_bits = context.options.count("sequence-bits", {8, longest_sequence});
  }
  return options;
}

/// The bits of the input as they come: at most so many packed bytes, the digest of what was read.
class BitInput {
 public:
  /// `heard` is called as bytes come, however few: with how many have come, of how many (0: nobody knows).
  BitInput(const Context& context, std::string name, std::optional<std::uint64_t> most_bytes,
           std::function<void(std::uint64_t read, std::uint64_t of)> heard)
      : input_(name, context.stop),
        name_(std::move(name)),
        most_(most_bytes),
        heard_(std::move(heard)),
        piece_(piece_bytes) {
    refill();
    if (piece_.empty()) throw Error(Category::not_enough_data, fmt::format("{} is empty", name_));
    form_ = context.has("form") ? form_named(context.text("form")) : stats::recognised_form(piece_);
    packer_.emplace(form_);
  }

  /// Nothing at the end.
  std::vector<std::byte> next() {
    std::vector<std::byte> packed;
    while (packed.empty() && !piece_.empty() && given_ < most_.value_or(UINT64_MAX)) {
      packed = pack();
      refill();
    }
    if (most_ && packed.size() > *most_ - given_) packed.resize(*most_ - given_);
    given_ += packed.size();
    return packed;
  }

  void describe(AuditRecord& audit) const {
    audit.file = name_;
    audit.form = name_of(form_);
    audit.sha256 = hex(digest_.digest());
    audit.bytes = read_;
    audit.whole = ended_ || input_.bytes() == read_;
    if (form_ != BitForm::packed && audit.whole && packer_->left_over() > 0) {
      audit.warnings.push_back(
          fmt::format("the last {} bits do not fill a byte and were left out", packer_->left_over()));
    }
  }

  [[nodiscard]] BitForm form() const noexcept { return form_; }
  [[nodiscard]] std::uint64_t read() const noexcept { return read_; }
  [[nodiscard]] std::uint64_t expected() const noexcept { return input_.bytes().value_or(0); }

 private:
  RawInput input_;
  std::string name_;
  std::optional<std::uint64_t> most_;  ///< packed bytes to give
  std::function<void(std::uint64_t, std::uint64_t)> heard_;
  std::vector<std::byte> piece_;  ///< read, not given yet; empty at the end
  BitForm form_ = BitForm::packed;
  std::optional<stats::BitPacker> packer_{};
  Sha256 digest_{};
  std::uint64_t read_ = 0;
  std::uint64_t given_ = 0;
  bool ended_ = false;

  static BitForm form_named(const std::string& name) {
    for (const BitForm form : {BitForm::packed, BitForm::digits, BitForm::bytes}) {
      if (name == name_of(form)) return form;
    }
    throw Error(Category::usage, fmt::format("--form {}: there is no such form", name));
  }

  std::vector<std::byte> pack() {
    try {
      return packer_->add(piece_);
    } catch (const Error& error) {
      throw Error(error.category(), fmt::format("{}: {}", name_, error.what()));
    }
  }

  void refill() {
    std::size_t got = 0;
    piece_.resize(piece_bytes);
    // A pipe gives little at a time; of a device no more is read than is wanted.
    const std::uint64_t wanted = most_ && form_ == BitForm::packed ? *most_ - std::min(*most_, read_) : UINT64_MAX;
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, wanted));
    while (got < room) {
      const std::size_t more = input_.read(std::span(piece_).subspan(got, room - got));
      if (more == 0) {
        ended_ = true;
        break;
      }
      got += more;
      heard_(read_ + got, most_ && form_ == BitForm::packed ? *most_ : expected());
    }
    piece_.resize(got);
    digest_.update(piece_);
    read_ += got;
  }
};

void say_form(const Context& context, const BitInput& input, const std::string& file) {
  if (context.has("form") || input.form() == BitForm::packed) return;
  context.warn(fmt::format("{}: taken as {}; --form packed would take its bytes as they are", file,
                           input.form() == BitForm::digits ? "text of the digits 0 and 1" : "one bit a byte"));
}

int exit_code_of(AuditOutcome outcome) {
  switch (outcome) {
    case AuditOutcome::pass: return 0;
    case AuditOutcome::fail: return exit_code(Category::verdict);
    default: return exit_code(Category::not_enough_data);
  }
}

/// The first bytes of the stream, as many as a page shows.
void keep_first(std::vector<std::byte>& first, std::span<const std::byte> packed) {
  const std::size_t room = bit_image_bytes - std::min(bit_image_bytes, first.size());
  const auto more = packed.first(std::min(room, packed.size()));
  first.insert(first.end(), more.begin(), more.end());
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

/// Where the reports go; two cannot go to one place.
struct Reports {
  ReportFile markdown;
  ReportFile page;

  explicit Reports(const Context& context) : markdown(context, "markdown"), page(context, "report") {
    if (page.on_stdout()) throw Error(Category::usage, "--report wants the name of a new file, not -");
    if (context.has("bit-image") && !page.wanted()) {
      throw Error(Category::usage, "--bit-image is a part of --report FILE");
    }
    if (markdown.on_stdout() && context.json()) {
      throw Error(Category::usage, "--markdown - and --json both want stdout; give the Markdown a file");
    }
    if (page.wanted() && markdown.wanted() && context.text("report") == context.text("markdown")) {
      throw Error(Category::usage, "--report and --markdown name one file; give each its own");
    }
  }
};

/// A batch is a directory too, and the audit's buffers are ordinary memory.
void refuse_directory(const std::string& file) {
  std::error_code ignored;
  if (file == "-" || !std::filesystem::is_directory(file, ignored)) return;
  throw Error(Category::usage, fmt::format("{} is a directory; an audit takes a file, a device or - for stdin. Batches "
                                           "cannot be audited: their keys would leave locked memory",
                                           file));
}

int run_audit(const Context& context) {
  const std::string& file = context.text("file");
  refuse_directory(file);
  const stats::AuditOptions options = options_of(context);
  Reports reports(context);
  std::optional<std::uint64_t> most;
  if (context.has("sequences")) {
    const std::uint64_t bits = options.sequence_bits.value_or(usual_sequence_bits);
    most = context.options.count("sequences", {1, 1'000'000'000}) * bits / 8;
  }
  stats::Audit audit(options);
  std::optional<Progress> progress(std::in_place, context.console, "auditing");
  BitInput input(context, file, most,
                 [&progress](std::uint64_t read, std::uint64_t of) { progress->show(read, of, "bytes"); });
  say_form(context, input, file);
  std::uint64_t given = 0;
  std::vector<std::byte> first;
  for (auto packed = input.next(); !packed.empty(); packed = input.next()) {
    audit.add(packed);
    if (context.has("bit-image")) keep_first(first, packed);
    given += packed.size();
    progress->show(most ? given : input.read(), most ? *most : input.expected(), "bytes");
  }
  AuditRecord record = audit.finish();
  progress.reset();
  if (most && given < *most) {
    throw Error(Category::not_enough_data,
                fmt::format("{} holds {} bits; {} were asked for", file, given * 8, *most * 8));
  }
  input.describe(record);
  for (const std::string& warning : record.warnings)
    context.warn(fmt::format("{}: {}", file, warning));
  if (reports.page.wanted()) {
    reports.page.write(audit_html(record, {.options = options_given(context),
                                           .machine = this_machine(),
                                           .made = utc_text(std::time(nullptr)),
                                           .first_bytes = first}));
  }
  if (reports.markdown.wanted()) reports.markdown.write(audit_markdown(record));
  if (context.json()) {
    context.print_json("audit", {{"audit", to_json(record)}});
  } else if (!reports.markdown.on_stdout()) {
    print_audit(context.out(), record);
  }
  return exit_code_of(record.verdict.outcome);
}

}  // namespace

Command audit_command() {
  return {
      .name = "audit",
      .group = "Audit of output",
      .summary = "is this output random enough, by which standard?",
      .description =
          "Runs suites of statistical tests on FILE, or on stdin as -, and gives one verdict over all of them: PASS, "
          "RETEST (exit code 6: fresh data must decide) or FAIL (exit code 1). Each standard's own rule is reported "
          "beside it. Tests that need more data are NOT RUN, and it is said how much they need. Passing proves no "
          "entropy: `lightseed assess` judges raw samples.\n\nSuites: " +
          fmt::format("{}", fmt::join(suite_names(), ", ")) + ".",
      .examples = {"lightseed audit random.bin", "lightseed audit /dev/urandom --sequences 100",
                   "lightseed audit random.bin --suite sp800-22 --profile sts-2.1.2 --json",
                   "lightseed audit random.bin --report audit.html"},
      .options = {{.name = "file", .value = "FILE", .text = "bits, or - for stdin", .required = true},
                  {.name = "suite", .value = "LIST", .text = "suites to run: sp800-22,gmt0005; all unless told"},
                  {.name = "profile", .value = "NAME", .text = "constants of a suite: sts-2.1.2, or 2012 of GM/T 0005"},
                  {.name = "sequence-bits", .value = "N", .text = "bits a sequence, a multiple of 8; 1M unless told"},
                  {.name = "sequences", .value = "N", .text = "sequences to take; all unless told"},
                  {.name = "form",
                   .value = "FORM",
                   .text = "how bits lie in the file; recognised unless told",
                   .choices = {"packed", "digits", "bytes"}},
                  {.name = "report", .value = "FILE", .text = "also the report with plots: a new HTML file"},
                  {.name = "bit-image", .text = "with --report: show the first 16384 bits; the report then holds them"},
                  {.name = "markdown",
                   .value = "FILE",
                   .text = "also the report as Markdown: a new file, or - for stdout"},
                  {.name = "threads", .value = "N", .text = "up to 256; 0: one a core", .fallback = "0"}},
      .positional = {"file"},
      .run = run_audit};
}

}  // namespace lightseed::cli
