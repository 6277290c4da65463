// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/calibration_options.h"
#include "cli/exit_code.h"
#include "cli/monitor_screen.h"
#include "cli/progress.h"
#include "cli/sources.h"
#include "cli/verbs.h"
#include "core/version.h"
#include "evidence/json_text.h"
#include "pipeline/watch.h"
#include "stats/health/gate.h"

namespace lightseed::cli {
namespace {

Json json_of(const health::Portrait& portrait) {
  return {{"samples", portrait.samples},     {"mean", portrait.mean},
          {"variance", portrait.variance},   {"min_entropy_of_codes", portrait.min_entropy},
          {"histogram", portrait.histogram}, {"correlation", portrait.correlation},
          {"spectrum_db", portrait.spectrum}};
}

/// One line an interval, so that a program can read them as they come.
void print_line(const Context& context, const SourceInfo& info, const WatchReport& report) {
  Json line{{"schema", "lightseed/monitor/v1"},
            {"version", version()},
            {"source", info.uri},
            {"samples", report.samples},
            {"interval", json_of(report.portrait)},
            {"alarms", report.alarms},
            {"health", report.health.tests.empty() ? Json::object() : to_json(report.health)}};
  if (const auto words = banner(info.provenance); !words.empty()) line["banner"] = words;
  if (report.last_alarm) line["alarm"] = health::describe(*report.last_alarm);
  context.console.bytes() << json_text(line) << "\n" << std::flush;
}

int run_monitor(const Context& context) {
  const auto source =
      open_source(context, uri_with_faults(context.text("source"), context.options.text_or("faults", "")));
  Progress progress(context.console, "watching");
  const WatchPlan plan{
      .samples = context.has("samples") ? context.options.count("samples", {.least = 1}) : 0,
      .interval = context.options.count("interval", {.least = 1024, .most = 1 << 26}),
      .progress = [&](std::uint64_t samples, std::uint64_t wanted) { progress.show(samples, wanted, "samples"); }};
  MonitorScreen screen(context.console, source->info());
  const Watched watched = watch(
      *source, plan,
      [&](const WatchReport& report) {
        context.json() ? print_line(context, source->info(), report) : screen.show(report);
      },
      context.stop);
  if (watched.ended) throw Error(*watched.ended, fmt::format("{}: {}", source->info().uri, watched.words));
  if (context.stop.stop_requested()) return 0;  // that is how a watch without an end ends
  return watched.alarms == 0 ? 0 : exit_code(Category::health);
}

}  // namespace

Command monitor_command() {
  Command command{
      .name = "monitor",
      .group = "Sources",
      .summary = "watch a source: its distribution, spectrum and alarms",
      .description =
          "Reads the source and shows, interval by interval, how its samples are distributed, how they correlate, "
          "their "
          "spectrum, the min-entropy of the codes and what the health tests and the monitors of its model say. On a "
          "terminal one picture is drawn anew, elsewhere an interval is a line; --json prints one object a line for "
          "each "
          "interval. Nothing is kept or used. Ends after --samples, or when it is interrupted; 5 when there were "
          "alarms.\nThe min-entropy of the codes is what a test sees, and no claim: docs/models.md says why.",
      .examples = {"lightseed monitor sim:homodyne", "lightseed monitor 'sim:ase?fault=supply_ripple@1000000'",
                   "lightseed monitor usb:rava --samples 10M --json"},
      .options = {{.name = "source", .value = "URI", .text = "what to watch", .required = true},
                  {.name = "samples", .value = "N", .text = "how many in all: 1M, 1Gi; without it until interrupted"},
                  {.name = "interval", .value = "N", .text = "samples of one report", .fallback = "256Ki"},
                  {.name = "faults",
                   .value = "FAULTS.json",
                   .text = "faults of a simulated source, beside those of its URI"}},
      .positional = {"source"},
      .run = run_monitor};
  for (Option& option : calibration_options())
    command.options.push_back(std::move(option));
  command.options.push_back(dark_check_option());
  return command;
}

}  // namespace lightseed::cli
