// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/calibration_options.h"
#include "cli/key_options.h"
#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/secret_bytes.h"
#include "entropy/drbg/random_bits.h"
#include "pipeline/key_stream.h"
#include "pipeline/measure.h"
#include "pipeline/seed_source.h"

namespace lightseed::cli {
namespace {

/// Whoever brought a calibration expects its figure, and should hear when a lower one counts.
void say_what_counts(const Context& context, const RunRecord& record) {
  const double claimed = record.source.claim.bits_per_sample, measured = record.measured.bits_per_sample;
  if (!context.has("calibration") || record.binding || measured >= claimed) return;
  context.note(
      fmt::format("{:.6f} bits a sample were measured, less than the calibration's {:.6f}, and the lower figure "
                  "counts; --binding calibration lets the calibration's count",
                  measured, claimed));
}

int run_generate(const Context& context) {
  const std::uint64_t total = context.options.count("bytes");
  const int epsilon = log2_epsilon(context);
  const RandomBits::Settings settings = expansion_settings(context);
  const std::string target = context.text("output");
  // The place is looked at before a device is touched.
  Payload out(context, target, AtomicFile::Mode::secret);
  out.expect(total);
  const auto source = open_source(context, context.text("source"));
  const Patience patience{.stop = context.stop};
  // First raw samples are waited for, then bytes come.
  std::optional<Progress> tested(std::in_place, context.console, "testing and assessing the source"), generating;
  std::uint64_t done = 0;
  const auto show = [&](std::string_view, std::uint64_t samples, std::uint64_t wanted) {
    if (tested) tested->show(samples, wanted, "raw samples");
    if (generating) generating->show(done, total, "bytes");
  };
  std::unique_ptr<Source> second;
  std::optional<SeedSource> seed;
  if (context.has("seed-source")) {
    second = context.sources.open(context.text("seed-source"));
    require_seed_source(second->info(), source->info());
    seed = seed_from(*second, seed_log2_epsilon(epsilon), measure_with({.stop = context.stop}), patience);
  }
  KeyStream keys(*source,
                 {.bytes = RandomBits::entropy_bytes(settings, total),
                  .log2_epsilon = static_cast<double>(epsilon),
                  .extractor = context.text("extractor"),
                  .prefer = preference_from(context.text("prefer")),
                  .calibration_binds = calibration_binds(context),
                  .seed = std::move(seed),
                  .read_ahead = true,
                  .progress = show,
                  .notice = [&](const std::string& words) { context.warn(words); }},
                 measure_with({.iid_claim = context.has("iid-claim"), .stop = context.stop}), patience);
  RandomBits bits(settings, [&](std::span<std::byte> part) { keys.fill(part, patience); });

  tested.reset();
  generating.emplace(context.console, "generating");
  SecretBytes buffer(keys.handy_bytes());
  while (done < total) {
    const auto part = buffer.bytes().first(std::min<std::uint64_t>(buffer.size(), total - done));
    bits.generate(part);
    out.write(part);
    done += part.size();
    generating->show(done, total, "bytes");
  }
  generating.reset();
  out.commit();

  const auto words = banner(source->info().provenance);
  if (context.json()) {
    Json body{{"bytes", total}, {"file", target}};
    if (!words.empty()) body["banner"] = words;
    body["evidence"] = to_json(keys.record());
    body["expansion"] = to_json(bits.record());
    context.print_json("generate", body);
  }
  context.note(fmt::format("{} from {}: {:.6f} bits of min-entropy a sample used, within 2^{} of uniform; {}",
                           counted(total, "byte"), source->info().uri, keys.plan().request.bits_per_sample,
                           keys.plan().log2_epsilon_limit, words_for(settings.construction)));
  say_what_counts(context, keys.record());
  if (!words.empty()) context.warn(std::string(words));
  return 0;
}

}  // namespace

Command generate_command() {
  Command command{
      .name = "generate",
      .group = "Random bits",
      .summary = "full-entropy bytes from a source, behind its health gate",
      .description =
          "Starts the source, runs the start-up test, assesses 1,000,000 raw samples, and extracts. A health alarm "
          "ends "
          "it with exit code 5: a file then never appears, a pipe gets nothing more. With -o FILE, --json prints the "
          "evidence.\n--mode chooses what stands behind the extractor (SP 800-90C): nothing (full-entropy), a DRBG "
          "whose "
          "output is XORed on (rbg3-xor), a DRBG reseeded for every 256 bits (rbg3-rs), or one reseeded after "
          "--seed-bytes (rbg2): the only mode that gives more bits than it takes.\nA recording must hold the million "
          "samples of the assessment, the start-up test's, and those the bytes are made of.",
      .examples = {"lightseed generate --source sim:homodyne --bytes 1M -o random.bin",
                   "lightseed capture --source sim:homodyne --samples 2M -o raw.bin",
                   "lightseed generate --source file:raw.bin --bytes 64K -o - | xxd | head"},
      .options = {{.name = "source", .value = "URI", .text = "where samples come from", .required = true},
                  {.name = "bytes", .value = "N", .text = "how many: 1000, 64K, 16M, 1Gi", .required = true},
                  {.name = "output",
                   .letter = 'o',
                   .value = "FILE",
                   .text = "new file (mode 0600), or - for stdout",
                   .required = true}},
      .run = run_generate};
  for (Option& option : key_options())
    command.options.push_back(std::move(option));
  for (Option& option : calibration_options())
    command.options.push_back(std::move(option));
  command.options.push_back(dark_check_option());
  command.options.push_back(binding_option());
  return command;
}

}  // namespace lightseed::cli
