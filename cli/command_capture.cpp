// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "cli/calibration_options.h"
#include "cli/exit_code.h"
#include "cli/numbers.h"
#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/raw_input.h"
#include "cli/restart_matrix.h"
#include "cli/sources.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/clock.h"
#include "driver/oracle_file.h"
#include "driver/sidecar.h"
#include "evidence/json_text.h"
#include "pipeline/capture.h"
#include "pipeline/regenerate.h"

namespace lightseed::cli {
namespace {

/// Rows and columns of a restart matrix (SP 800-90B 3.1.4.1), or one start and all samples after it.
sp800_90b::RestartMatrix matrix_of(const Context& context, const SourceInfo& info) {
  if (!context.has("restarts")) return {1, context.options.count("samples")};
  if (context.options.given("samples")) {
    throw Error(Category::usage, "--restarts RxC says how many samples there will be: leave out --samples");
  }
  const auto matrix = parse_matrix("restarts", context.text("restarts"));
  if (info.driver == "file:") {
    throw Error(Category::refused, fmt::format("{}: a recording says the same after each restart", info.uri));
  }
  return matrix;
}

/// "10s", "90m", "8h".
std::optional<std::chrono::milliseconds> duration_of(const Context& context) {
  if (!context.has("duration")) return std::nullopt;
  const std::string& text = context.text("duration");
  const auto unit_at = text.find_last_of("0123456789") + 1;
  const std::string unit = text.substr(unit_at);
  const std::uint64_t seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (seconds == 0) throw Error(Category::usage, fmt::format("--duration {}: a time is 10s, 90m or 8h", text));
  constexpr std::uint64_t most_hours = 10'000;
  const std::uint64_t count = parse_count("duration", text.substr(0, unit_at), {.most = most_hours * 3600 / seconds});
  return std::chrono::seconds(count * seconds);
}

CapturePlan plan_of(const Context& context, const SourceInfo& info) {
  const auto matrix = matrix_of(context, info);
  CapturePlan plan{.samples = matrix.samples, .rows = matrix.restarts, .duration = duration_of(context)};
  // A time alone says how many samples there will be.
  if (plan.duration && !context.options.given("samples") && plan.rows == 1) plan.samples = 0;
  return plan;
}

void demand(const Context& context, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    if (!context.has(name)) {
      throw Error(Category::usage, fmt::format("--{} is missing: a capture has a --source and an --output; --verify "
                                               "takes one that was made",
                                               name));
    }
  }
}

/// Draws a simulated capture again.
int verify(const Context& context, const std::string& file) {
  for (const char* const other :
       {"source", "output", "oracle", "faults", "samples", "duration", "restarts", "calibration"}) {
    if (context.options.given(other)) {
      throw Error(Category::usage, fmt::format("--verify FILE takes all from FILE.json: leave out --{}", other));
    }
  }
  const Sidecar sidecar = read_sidecar(sidecar_path(file));
  const RawInput raw(file, context.stop);
  const auto read = [&](std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const std::size_t got = raw.read(out.subspan(filled));
      if (got == 0) break;
      filled += got;
    }
    return filled;
  };
  const auto difference = [&] {
    Progress progress(context.console, "verifying");
    return difference_from_regenerated(
        context.sources, sidecar, read,
        [&](std::uint64_t samples) { progress.show(samples, sidecar.samples, "samples"); }, context.stop);
  }();
  if (context.json()) {
    Json body{{"file", file}, {"source", sidecar.source.uri}, {"samples", sidecar.samples}, {"same", !difference}};
    if (difference) body["words"] = difference->words;
    if (difference && difference->byte) body["first_byte"] = *difference->byte;
    context.print_json("capture-verify", body);
  } else if (difference) {
    context.out() << fmt::format("{}: {}: {}\n", "DIFFERENT", file, difference->words);
  } else {
    context.out() << fmt::format("SAME: {} of {}, drawn again; they hold no entropy beyond the seed\n",
                                 counted(sidecar.samples, "sample"), sidecar.source.uri);
  }
  return difference ? exit_code(Category::verdict) : 0;
}

/// As far as that is known: of a capture that ends by the clock, from the nominal rate.
std::uint64_t bytes_of_capture(const CapturePlan& plan, const SourceInfo& info) {
  double samples = static_cast<double>(plan.samples) * static_cast<double>(plan.rows);
  if (plan.samples == 0 && plan.duration)
    samples = info.nominal_rate * static_cast<double>(plan.duration->count()) / 1e3;
  const double bytes = samples * info.format.container_bits / 8;
  constexpr double most = 9e18;
  return static_cast<std::uint64_t>(std::min(bytes, most));
}

int run_capture(const Context& context) {
  if (context.has("verify")) return verify(context, context.text("verify"));
  demand(context, {"source", "output"});
  const auto target = context.text("output");
  // The place is looked at before a device is touched. Raw samples of hardware are as secret as what is made of them.
  Payload raw(context, target, AtomicFile::Mode::secret);
  std::optional<AtomicFile> side;
  if (target != "-") side.emplace(sidecar_path(target), AtomicFile::Mode::open);
  const auto source =
      open_source(context, uri_with_faults(context.text("source"), context.options.text_or("faults", "")));
  const CapturePlan plan = plan_of(context, source->info());
  const std::uint64_t wanted = plan.samples * plan.rows;
  raw.expect(bytes_of_capture(plan, source->info()));
  std::optional<OracleFile> oracle;
  if (context.has("oracle")) {
    if (context.has("calibration"))
      throw Error(Category::usage, "--oracle explains the model, and --calibration knows only the unit: leave one out");
    if (plan.rows > 1) throw Error(Category::usage, "--oracle explains one run of samples, and --restarts has many");
    oracle.emplace(context.text("oracle"), *source);
  }

  Captured captured;
  {
    Progress progress(context.console, "capturing");
    captured = capture(
        *source, plan, [&](std::span<const std::byte> bytes) { raw.write(bytes); },
        [&](std::uint64_t samples) { progress.show(samples, wanted, "samples"); }, context.stop);
  }
  Sidecar& record = captured.sidecar;
  const std::string& uri = record.source.uri;
  if (record.samples == 0) {
    if (captured.ended) throw Error(*captured.ended, fmt::format("{}: {}; nothing is kept", uri, record.ended_early));
    throw Error(Category::not_enough_data, fmt::format("{}: the time was over before {} had come; nothing is kept", uri,
                                                       plan.rows > 1 ? "one row" : "one sample"));
  }
  record.created = utc_text(std::time(nullptr));
  const Json sidecar = to_json(record);
  std::vector<AtomicFile*> described_by;
  if (oracle) described_by.push_back(&oracle->explaining(record.samples));
  if (side) {
    side->write(json_text(sidecar, 1) + "\n");
    described_by.push_back(&*side);
  }
  raw.commit(std::move(described_by));
  if (context.json()) context.print_json("capture", {{"file", target}, {"sidecar", sidecar}});
  for (const Sidecar::Gap& gap : record.gaps)
    context.warn(fmt::format("{}: after {}: {}", uri, counted(gap.after_samples, "sample"), gap.words));
  context.note(fmt::format("{} of {} ({}), SHA-256 {}", counted(record.samples, "sample"), uri,
                           name_of(record.source.provenance), record.sha256));
  if (!captured.ended) return 0;
  throw Error(
      *captured.ended,
      fmt::format(
          "{}: {} after {}{}", uri, record.ended_early, counted(record.samples, "sample"),
          side ? fmt::format("; they are kept in {}, and {} says so", target, sidecar_path(target).string()) : ""));
}

}  // namespace

Command capture_command() {
  Command command{
      .name = "capture",
      .group = "Sources",
      .summary = "record raw samples, with a side-car that describes them",
      .description =
          "Writes raw samples as the source delivers them, untested and unextracted, to FILE, and what they are to "
          "FILE.json: source, format, model, provenance, seed and digest. `file:FILE` replays them wherever a source "
          "is "
          "asked for.\nWhat has come is kept when the capture is interrupted or its device fails, and a device that "
          "comes back goes "
          "on being recorded: FILE.json says so, and where.\nRaw samples of hardware are as secret as the keys made of "
          "them: FILE has mode 0600.\n"
          "A simulated capture can be drawn again, bit for bit, from its side-car: --verify does, and so proves that "
          "it "
          "holds no entropy beyond its seed. --oracle writes down what made each sample (docs/formats.md), for the "
          "sources that draw the long way (path=full).",
      .examples = {"lightseed capture --source 'sim:homodyne?seed=42' --samples 1M -o raw.bin",
                   "lightseed capture --source usb:rava --duration 8h -o night.bin",
                   "lightseed capture --source sim:homodyne --restarts 1000x1000 -o restarts.bin",
                   "lightseed capture --source 'sim:ase?path=full' --oracle raw.oracle -o raw.bin",
                   "lightseed capture --verify raw.bin"},
      .options =
          {{.name = "source", .value = "URI", .text = "where samples come from"},
           {.name = "samples", .value = "N", .text = "how many: 1000, 64K, 16M, 1Gi", .fallback = "1M"},
           {.name = "duration",
            .value = "TIME",
            .text = "for how long, 10s, 90m or 8h: alone, or as the end of --samples"},
           {.name = "output", .letter = 'o', .value = "FILE", .text = "new file, or - for stdout without a side-car"},
           {.name = "restarts",
            .value = "RxC",
            .text = "restart the source R times and take C samples after each: 1000x1000 for `assess restart`"},
           {.name = "faults", .value = "FAULTS.json", .text = "faults of a simulated source, beside those of its URI"},
           {.name = "oracle",
            .value = "FILE",
            .text = "new file for what made each sample of a simulated source: cause, classical noise, guess"},
           {.name = "verify",
            .value = "FILE",
            .text = "draw a simulated capture again, from what FILE.json says, and compare: 1 when it differs"}},
      .run = run_capture};
  for (Option& option : calibration_options())
    command.options.push_back(std::move(option));
  return command;
}

}  // namespace lightseed::cli
