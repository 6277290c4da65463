// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/restart_matrix.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/clock.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/sidecar.h"
#include "evidence/json_text.h"

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
  if (info.format.bytes_for(matrix.samples) * 8 != matrix.samples * info.format.container_bits) {
    throw Error(
        Category::usage,
        fmt::format("{}: {} packed samples of {} bits do not fill whole bytes; choose another number of columns",
                    info.uri, matrix.samples, info.format.bits));
  }
  return matrix;
}

int run(const Context& context) {
  const auto target = context.text("output");
  const auto source = context.sources.open(context.text("source"));
  const SampleFormat& format = source->info().format;
  const sp800_90b::RestartMatrix matrix = matrix_of(context, source->info());
  const std::uint64_t samples = matrix.restarts * matrix.samples;
  // Raw samples of hardware are as secret as what is made of them.
  Payload raw(context, target, AtomicFile::Mode::secret);
  std::optional<AtomicFile> side;
  if (target != "-") side.emplace(sidecar_path(target), AtomicFile::Mode::open);

  Progress progress(context.console, "capturing");
  Sha256 hash;
  std::vector<std::byte> buffer(1 << 18);
  const std::uint64_t total = format.bytes_for(samples);
  const Patience patience{.stop = context.stop};
  const std::uint64_t row = total / matrix.restarts;
  for (std::uint64_t done = 0; done < total;) {
    if (done % row == 0) {
      source->stop();
      source->start(patience);
    }
    const auto part = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), row - done % row));
    const Read read = source->read(part, patience);
    hash.update(part.first(read.bytes));
    raw.write(part.first(read.bytes));
    done += read.bytes;
    progress.show(format.samples_in(done), samples, "samples");
    if (read.state == ReadState::ok || done == total) continue;
    const Category why = read.state == ReadState::stopped       ? Category::interrupted
                         : read.state == ReadState::end_of_data ? Category::not_enough_data
                         : read.state == ReadState::alarm       ? Category::health
                                                                : Category::device;
    throw Error(why, fmt::format("{}: {} after {} of {} samples; nothing was kept", source->info().uri, read.detail,
                                 format.samples_in(done), samples));
  }
  source->stop();

  const std::string digest = hex(hash.digest());
  Sidecar record{.source = source->info(),
                 .samples = samples,
                 .bytes = total,
                 .sha256 = digest,
                 .created = utc_text(std::time(nullptr))};
  if (context.has("restarts")) record.restarts = Sidecar::Restarts{.rows = matrix.restarts, .columns = matrix.samples};
  const Json sidecar = to_json(record);
  if (side) {
    side->write(json_text(sidecar, 1) + "\n");
    raw.commit();
    side->commit();
  }
  if (context.json()) context.print_json("capture", {{"file", target}, {"sidecar", sidecar}});
  context.note(fmt::format("{} of {} ({}), SHA-256 {}", counted(samples, "sample"), source->info().uri,
                           name_of(source->info().provenance), digest));
  return 0;
}

}  // namespace

Command capture_command() {
  return {
      .name = "capture",
      .group = "Sources",
      .summary = "record raw samples, with a side-car that describes them",
      .description =
          "Writes raw samples as the source delivers them, untested and unextracted, to FILE, and what they are to "
          "FILE.json: source, format, model, provenance, seed and digest. `file:FILE` replays them wherever a source "
          "is "
          "asked for.\nRaw samples of hardware are as secret as the keys made of them: FILE has mode 0600.",
      .examples = {"lightseed capture --source 'sim:homodyne?seed=42' --samples 1M -o raw.bin",
                   "lightseed capture --source sim:homodyne --restarts 1000x1000 -o restarts.bin"},
      .options = {{.name = "source", .value = "URI", .text = "where samples come from", .required = true},
                  {.name = "samples", .value = "N", .text = "how many: 1000, 64K, 16M, 1Gi", .fallback = "1M"},
                  {.name = "output",
                   .letter = 'o',
                   .value = "FILE",
                   .text = "new file, or - for stdout without a side-car",
                   .required = true},
                  {.name = "restarts",
                   .value = "RxC",
                   .text = "restart the source R times and take C samples after each: 1000x1000 for `assess restart`"}},
      .run = run};
}

}  // namespace lightseed::cli
