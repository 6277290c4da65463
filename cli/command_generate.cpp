#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "cli/expansion_options.h"
#include "cli/extractor_option.h"
#include "cli/iid_claim.h"
#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/quantity.h"
#include "cli/verbs.h"
#include "core/secret_bytes.h"
#include "entropy/drbg/random_bits.h"
#include "pipeline/key_stream.h"
#include "pipeline/measure.h"

namespace lightseed::cli {
namespace {

int run(const Context& context) {
  const std::uint64_t total = parse_quantity("bytes", context.get<std::string>("bytes"));
  const auto source = context.sources.open(context.get<std::string>("source"));
  const auto target = context.get<std::string>("output");
  Payload out(target, AtomicFile::Mode::secret);
  const Patience patience{.stop = context.stop};
  const RandomBits::Settings settings = expansion_settings(context);
  KeyStream keys(*source,
                 {.bytes = RandomBits::entropy_bytes(settings, total),
                  .log2_epsilon = static_cast<double>(context.get<int>("log2-epsilon")),
                  .extractor = context.get<std::string>("extractor")},
                 measure_with({.iid_claim = context.has("iid-claim"), .stop = context.stop}), patience);
  RandomBits bits(settings, [&](std::span<std::byte> part) { keys.fill(part, patience); });

  Progress progress("generating");
  SecretBytes buffer(1 << 18);
  for (std::uint64_t done = 0; done < total;) {
    const auto part = buffer.bytes().first(std::min<std::uint64_t>(buffer.size(), total - done));
    bits.generate(part);
    out.write(part);
    done += part.size();
    progress.show(done, total, "bytes");
  }
  out.commit();

  const Provenance provenance = source->info().provenance;
  if (context.json() && target != "-") {
    Json body{{"bytes", total}, {"file", target}};
    if (const auto words = banner(provenance); !words.empty()) body["banner"] = words;
    body["evidence"] = keys.evidence();
    body["expansion"] = bits.evidence();
    print_json("generate", body);
  }
  std::cerr << fmt::format("{} bytes from {}: {} bits of min-entropy a sample used, within 2^{} of uniform; {}{}{}\n",
                           total, source->info().uri, keys.plan().request.bits_per_sample,
                           keys.plan().log2_epsilon_limit, bits.evidence().at("words").get<std::string>(),
                           banner(provenance).empty() ? "" : " – ", banner(provenance));
  return 0;
}

}  // namespace

Command generate_command() {
  namespace po = boost::program_options;
  Command command{
      .name = "generate",
      .summary = "full-entropy bytes from a source, behind its health gate",
      .description =
          "Starts the source, runs the start-up test, assesses 1,000,000 raw samples, and extracts. A\n"
          "health alarm ends it with exit code 5: a file then never appears, a pipe gets nothing\n"
          "more. With -o FILE, --json prints the evidence.\n"
          "--mode chooses what stands behind the extractor (SP 800-90C): nothing (full-entropy), a DRBG whose\n"
          "output is XORed on (rbg3-xor), a DRBG reseeded for every 256 bits (rbg3-rs), or one reseeded\n"
          "after --seed-bytes (rbg2): the only mode that gives more bits than it takes.",
      .examples = {"lightseed generate --source sim:homodyne --bytes 1M -o random.bin",
                   "lightseed generate --source file:raw.bin --bytes 64K -o - | xxd | head"},
      .options = po::options_description("Options"),
      .run = run};
  command.options.add_options()("source", po::value<std::string>()->required()->value_name("URI"),
                                "where samples come from")("bytes", po::value<std::string>()->required(),
                                                           "how many: 1000, 64K, 16M, 1Gi")(
      "log2-epsilon", po::value<int>()->default_value(-64),
      "largest distance from uniform of all bytes together, log2")(
      "output,o", po::value<std::string>()->required()->value_name("FILE"), "new file (mode 0600), or - for stdout");
  add_extractor_option(command.options);
  add_expansion_options(command.options);
  command.options.add_options()("iid-claim", iid_claim_help);
  return command;
}

}  // namespace lightseed::cli
