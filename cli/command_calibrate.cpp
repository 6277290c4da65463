// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <optional>

#include "cli/batch_options.h"
#include "cli/numbers.h"
#include "cli/passphrase.h"
#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/sources.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "evidence/json_text.h"
#include "evidence/model_claim.h"
#include "pipeline/calibrate.h"
#include "pipeline/calibration_file.h"

namespace lightseed::cli {
namespace {

/// "90m", "24h", "7d".
std::chrono::seconds validity_of(const Context& context) {
  const std::string& text = context.text("valid-for");
  const auto unit_at = text.find_last_of("0123456789") + 1;
  const std::string unit = text.substr(unit_at);
  const std::uint64_t seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
  if (seconds == 0) throw Error(Category::usage, fmt::format("--valid-for {}: a time is 90m, 24h or 7d", text));
  constexpr std::uint64_t longest = longest_validity.count();
  return std::chrono::seconds(
      parse_count("valid-for", text.substr(0, unit_at), {.least = 1, .most = longest / seconds}) * seconds);
}

std::optional<Signer> signer_of(const Context& context, std::time_t now) {
  if (context.has("signer") != context.has("signer-key")) {
    throw Error(Category::usage, "--signer and --signer-key come together: a certificate and its key");
  }
  if (!context.has("signer")) return std::nullopt;
  return Signer(context.text("signer"), context.text("signer-key"), now, ask_passphrase(context));
}

void show(const Context& context, const CalibrationRecord& record) {
  for (const CalibrationParameter& parameter : record.parameters) {
    context.note(fmt::format("  {:<17} {:>12.6g} ± {:<10.2g} {}", parameter.name, parameter.value, parameter.error,
                             parameter.unit));
  }
}

int run_calibrate(const Context& context) {
  const std::time_t now = std::time(nullptr);
  CalibrationPlan plan{
      .samples = context.options.count("samples"), .valid_for = validity_of(context), .now = now, .stop = context.stop};
  const auto signer = signer_of(context, now);
  const std::string target = context.text("output");
  // The place is looked at before a device is touched.
  Payload out(context, target, AtomicFile::Mode::open);
  const auto source =
      context.sources.open(uri_with_faults(context.text("source"), context.options.text_or("faults", "")));
  const CalibrationRecord record = [&] {
    Progress progress(context.console, "calibrating");
    plan.progress = [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all, "samples"); };
    return calibrate(*source, plan);
  }();
  const std::string text = calibration_text(record, signer ? &*signer : nullptr);
  out.write(bytes_of(text));
  out.commit();
  const auto words = banner(record.device.provenance);
  if (context.json()) {
    Json body{{"file", target}, {"sha256", hex(sha256(bytes_of(text)))}, {"signed", signer.has_value()}};
    if (!words.empty()) body["banner"] = words;
    body["calibration"] = to_json(record);
    context.print_json("calibrate", body);
  }
  show(context, record);
  context.note(fmt::format("{}: {:.4f} bits a sample may be claimed, of {:.4f} that a test sees, until {}; {}",
                           source->info().uri, record.claim.bits_per_sample,
                           model_claim_from(ObjectReader(record.claim.details, "details")).marginal, record.valid_until,
                           target));
  if (!words.empty()) context.warn(std::string(words));
  return 0;
}

}  // namespace

Command calibrate_command() {
  Command command{
      .name = "calibrate",
      .group = "Sources",
      .summary = "measure a source dark and lit: what may be claimed",
      .description =
          "Takes samples with the light blocked, at powers between, and as usual; fits how the noise grows with the "
          "light; and writes what follows for this very unit: the parameters with their errors, the min-entropy given "
          "all classical noise and the past, each parameter taken six standard deviations to its worse side, and the "
          "limits of the health monitors. Only for sources that can switch their light: a simulated homodyne detector, "
          "a simulated sensor whose pixels are alike.\nEverything that gates a source takes the file as --calibration. "
          "It holds for the unit as it is set, and until it expires: calibrate again after a day, and when the "
          "temperature has changed by five degrees. A real unit's must be signed.",
      .examples = {"lightseed calibrate sim:homodyne -o calibration.json",
                   "lightseed calibrate sim:homodyne --signer lab.crt --signer-key lab.key \\\n    --valid-for 12h -o "
                   "calibration.json",
                   "lightseed generate --source sim:homodyne --calibration calibration.json \\\n    "
                   "--calibration-trust lab.crt --bytes 1M -o random.bin"},
      .options =
          {{.name = "source", .value = "URI", .text = "what to calibrate", .required = true},
           {.name = "samples", .value = "N", .text = "at each of seven powers, 512Ki to 256Mi", .fallback = "10M"},
           {.name = "valid-for", .value = "TIME", .text = "how long it holds: 90m, 24h, 7d", .fallback = "24h"},
           {.name = "faults", .value = "FAULTS.json", .text = "faults of a simulated source, beside those of its URI"},
           {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or -", .required = true}},
      .positional = {"source"},
      .run = run_calibrate};
  for (Option& option : signer_options("the calibration")) {
    option.required = false;
    command.options.push_back(std::move(option));
  }
  return command;
}

}  // namespace lightseed::cli
