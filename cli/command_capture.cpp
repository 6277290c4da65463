#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <vector>

#include "cli/matrix.h"
#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/quantity.h"
#include "cli/verbs.h"
#include "core/clock.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/sidecar.h"

namespace lightseed::cli {
namespace {

/// Rows and columns of a restart matrix (SP 800-90B 3.1.4.1), or one start and all samples after it.
sp800_90b::RestartMatrix matrix_of(const Context& context, const SourceInfo& info) {
  if (!context.has("restarts")) return {1, parse_quantity("samples", context.get<std::string>("samples"))};
  if (!context.options["samples"].defaulted()) {
    throw Error(Category::usage, "--restarts RxC says how many samples there will be: leave out --samples");
  }
  const auto matrix = parse_matrix("restarts", context.get<std::string>("restarts"));
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
  const auto target = context.get<std::string>("output");
  const auto source = context.sources.open(context.get<std::string>("source"));
  const SampleFormat& format = source->info().format;
  const sp800_90b::RestartMatrix matrix = matrix_of(context, source->info());
  const std::uint64_t samples = matrix.restarts * matrix.samples;
  // Raw samples of hardware are as secret as what is made of them.
  Payload raw(target, AtomicFile::Mode::secret);
  std::optional<AtomicFile> side;
  if (target != "-") side.emplace(sidecar_path(target), AtomicFile::Mode::open);

  Progress progress("capturing");
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

  Sidecar record{.source = source->info(),
                 .samples = samples,
                 .bytes = total,
                 .sha256 = hex(hash.digest()),
                 .created = utc_text(std::time(nullptr))};
  if (context.has("restarts")) record.restarts = Sidecar::Restarts{.rows = matrix.restarts, .columns = matrix.samples};
  const Json sidecar = to_json(record);
  if (side) {
    side->write(sidecar.dump(1) + "\n");
    raw.commit();
    side->commit();
  }
  if (context.json() && side) print_json("capture", {{"file", target}, {"sidecar", sidecar}});
  std::cerr << fmt::format("{} samples of {} ({}), SHA-256 {}\n", samples, source->info().uri,
                           name_of(source->info().provenance), hex(hash.digest()));
  return 0;
}

}  // namespace

Command capture_command() {
  namespace po = boost::program_options;
  Command command{.name = "capture",
                  .summary = "record raw samples, with a side-car that says what they are",
                  .description =
                      "Writes raw samples as the source delivers them, untested and unextracted, to FILE, and what\n"
                      "they are to FILE.json: source, format, model, provenance, seed and digest.\n"
                      "`file:FILE` replays them wherever a source is asked for.",
                  .examples = {"lightseed capture --source sim:homodyne?seed=42 --samples 1M -o raw.bin",
                               "lightseed capture --source sim:homodyne?seed=42 --restarts 1000x1000 -o restarts.bin"},
                  .options = po::options_description("Options"),
                  .run = run};
  command.options.add_options()("source", po::value<std::string>()->required()->value_name("URI"),
                                "where samples come from")("samples", po::value<std::string>()->default_value("1M"),
                                                           "how many: 1000, 64K, 16M, 1Gi")(
      "output,o", po::value<std::string>()->required()->value_name("FILE"),
      "new file, or - for stdout without a side-car")("restarts", po::value<std::string>()->value_name("RxC"),
                                                      "restart the source R times and take C samples after each: "
                                                      "1000x1000 for `assess --restart`");
  return command;
}

}  // namespace lightseed::cli
