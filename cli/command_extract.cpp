// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/extract_input.h"
#include "cli/extract_options.h"
#include "cli/extract_seed.h"
#include "cli/own_sidecar.h"
#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "entropy/extract/bulk.h"
#include "entropy/extract/registry.h"
#include "entropy/extract/run_plan.h"
#include "entropy/extract/seed.h"
#include "stats/input/claim_watch.h"

namespace lightseed::cli {
namespace {

std::string candidate_line(const Candidate& candidate) {
  const ExtractorPlan& plan = *candidate.plan;
  const bool seeded = candidate.is_seeded();
  // What the von Neumann family yields does not come from the min-entropy claim: m/k would compare it with nothing.
  return fmt::format("{:<17} {:>6} {:>6} {:>9} {:>5} {:>9} {:>8} {:>6.3g} Gbit/s\n", candidate.extractor,
                     plan.shape.input_bits, seeded ? plan.shape.output_bits : plan.most_bits, plan.shape.seed_bits,
                     seeded ? fmt::format("{:.3f}", plan.efficiency()) : "-",
                     seeded ? fmt::format("2^{:.4g}", plan.log2_epsilon) : "none",
                     seeded ? fmt::format("2^{:.4g}", candidate.log2_epsilon_total) : "none",
                     candidate.raw_bits_per_second / 1e9);
}

Json to_json(const Recommendation& result, const StringRequest& wanted) {
  Json plans = Json::array();
  Json refused = Json::array();
  for (const Candidate& candidate : result.candidates) {
    if (!candidate.plan) {
      refused.push_back({{"extractor", candidate.extractor}, {"reason", candidate.refused}});
      continue;
    }
    Json json = lightseed::to_json(*candidate.plan);
    json["blocks_covered"] = candidate.blocks;
    json["log2_epsilon_total"] = candidate.is_seeded() ? Json(candidate.log2_epsilon_total) : Json();
    json["measured_raw_bits_per_second"] = candidate.raw_bits_per_second;
    plans.push_back(std::move(json));
  }
  return {{"raw_bits_covered", wanted.raw_bits},
          {"recommended", result.best.empty() ? Json() : Json(result.best)},
          {"plans", plans},
          {"refused", refused}};
}

int show_plans(const Context& context, const StringRequest& wanted) {
  const Recommendation result = recommend_extractor(wanted, context.stop);
  const int code = result.best.empty() ? exit_code(Category::refused) : 0;
  if (context.json()) {
    context.print_json("extract-plan", to_json(result, wanted));
    return code;
  }
  std::string notes;
  context.out() << fmt::format("{:<17} {:>6} {:>6} {:>9} {:>5} {:>9} {:>8} {:>13}\n", "extractor", "n", "m",
                               "seed bits", "m/k", "eps/block", "eps all", "here, 1 core");
  for (const Candidate& candidate : result.candidates) {
    if (candidate.plan) {
      context.out() << candidate_line(candidate);
      notes += fmt::format("{}:\n    {}\n    {}\n", candidate.extractor, wrapped(candidate.plan->formula, 80, 4),
                           wrapped(candidate.plan->source, 80, 4));
    } else {
      notes += fmt::format("{}:\n    not possible: {}\n", candidate.extractor, wrapped(candidate.refused, 80, 4));
    }
  }
  context.out() << "\n" << notes << "\n";
  if (result.best.empty()) {
    context.out() << "No seeded extractor yields anything from this.\n";
  } else {
    context.out() << fmt::format("Recommended: {} – for up to {}.\n", result.best, counted(wanted.raw_bits, "raw bit"));
  }
  return code;
}

void refuse_partial_block(const Context& context, const ExtractInput& input, const ExtractorPlan& plan) {
  if (!input.bytes() || context.has("discard-tail")) return;
  const std::uint64_t bits = *input.bytes() * 8;
  const std::uint64_t left = bits % plan.shape.input_bits;
  if (left < 8) return;
  throw Error(
      Category::refused,
      fmt::format("{} has {}: {} of n = {} bits and {} bits over, which are never padded; pass --discard-tail to "
                  "leave them out",
                  context.text("input"), counted(*input.bytes(), "byte"),
                  counted(bits / plan.shape.input_bits, "block"), plan.shape.input_bits, left));
}

/// The request with the sizes of a block chosen. A file that is whole blocks of the usual length must not come to have
/// a tail, which somebody would have to discard.
ExtractionRequest with_shape(const Context& context, const ExtractorKind& kind, const StringRequest& wanted,
                             std::optional<std::uint64_t> input_bytes) {
  const ExtractionRequest chosen = choose_shape(kind, wanted.request, wanted.raw_bits, wanted.prefer);
  const auto has_tail = [&](const ExtractionRequest& request) {
    return input_bytes.value_or(0) * 8 % kind.input_bits(request.block_bits) >= 8;
  };
  const bool makes_a_tail = has_tail(chosen) && !has_tail(wanted.request) && !context.has("discard-tail");
  return makes_a_tail ? wanted.request : chosen;
}

int extract(const Context& context) {
  const std::string name = context.text("input");
  if (!context.has("output")) throw Error(Category::usage, "say where the output goes: -o FILE, or -o - for stdout");
  ExtractInput input(name, input_form(context), context.stop);
  const std::string target = context.text("output");
  // All that can be wrong with what stands beside the input is found before anything is written.
  const std::optional<Sidecar> sidecar = own_sidecar(context, name);
  const RawSamples samples = raw_samples(context, input.container_bits(), sidecar);
  const StringRequest wanted = extraction_request(context, samples, input.most_bits());
  const ExtractorKind& kind = extractor_kind(context.text("using"));
  const StringPlan planned = plan_string(kind, with_shape(context, kind, wanted, input.bytes()), wanted.raw_bits);
  const ExtractorPlan& plan = planned.block;
  const bool seeded = kind.seeded;
  refuse_partial_block(context, input, plan);
  const ExtractSeed seed = make_seed(context, kind, plan.shape);
  const auto extractor = kind.make(plan.shape, seed.words(), active_target());
  SeedWatch watch(context.has("seed-file") ? seed.string.bytes().first(seed.bytes) : std::span<const std::byte>());
  EpsilonAccount account(planned.log2_epsilon_limit);
  if (!input.suspicion().empty()) context.warn(fmt::format("{}: {}", name, input.suspicion()));
  stats::ClaimWatch claim(samples.bits, samples.claim);
  std::vector<std::string> warnings;

  Payload out(context, target, AtomicFile::Mode::secret);
  Progress progress(context.console, "extracting");
  std::uint64_t read_bytes = 0;
  const auto read = [&](std::span<std::byte> part) {
    const std::size_t got = input.read(part);
    watch.look(part.first(got));
    if (!claim.has_seen_enough() && warnings.empty()) {
      claim.look(part.first(got));
      // A long run is warned of at its beginning, a short one before its output appears.
      if (const auto fault = claim.has_seen_enough() || got == 0 ? claim.fault() : std::nullopt) {
        warnings.push_back(*fault);
        context.warn(fmt::format("{}: {}", name, *fault));
      }
    }
    read_bytes += got;
    progress.show(read_bytes, input.bytes().value_or(0), "bytes");
    return got;
  };
  const BulkResult result = extract_stream(*extractor, read, [&](auto bytes) { out.write(bytes); },
                                           {.threads = thread_count(context),
                                            .discard_tail = context.has("discard-tail"),
                                            .account = seeded ? &account : nullptr,
                                            .log2_epsilon = plan.log2_epsilon,
                                            .stop = context.stop});
  out.commit();

  std::string words;
  Json body{{"input", name},
            {"output", target},
            {"raw_bytes", read_bytes},
            {"blocks", result.blocks},
            {"output_bits", result.output_bits},
            {"output_bytes", result.output_bytes},
            {"discarded_tail_bytes", result.tail_bytes},
            {"target", name_of(active_target())},
            {"plan", lightseed::to_json(plan)},
            {"seed", seed.origin},
            {"warnings", warnings},
            {"epsilon_account", seeded ? lightseed::to_json(account.record()) : Json()}};
  if (sidecar) {
    const Provenance provenance = worst(sidecar->source.provenance, Provenance::recorded);
    words = banner(provenance);
    body["provenance"] = name_of(provenance);
    body["banner"] = words;
  }
  if (context.json()) context.print_json("extract", body);
  context.note(
      fmt::format("{} from {} of {} bits by {} ({}), {}", counted(result.output_bytes, "byte"),
                  counted(result.blocks, "block"), plan.shape.input_bits, kind.name, name_of(active_target()),
                  seeded ? fmt::format("within 2^{:.6g} of uniform if the entropy is as claimed", account.total_log2())
                         : "uniform only if the raw bits are exchangeable"));
  if (!words.empty()) context.warn(words);
  return 0;
}

int run_extract(const Context& context) {
  if (!context.has("plan")) return extract(context);
  const std::string name = context.text("input");
  std::optional<std::uint64_t> bits;
  std::optional<unsigned> container;
  if (name != "-") {
    const ExtractInput input(name, input_form(context), context.stop);
    bits = input.most_bits();
    container = input.container_bits();
  }
  return show_plans(context,
                    extraction_request(context, raw_samples(context, container, own_sidecar(context, name)), bits));
}

}  // namespace

Command extract_command() {
  return {
      .name = "extract",
      .group = "Random bits",
      .summary = "distil raw bits of known min-entropy into uniform ones",
      .description =
          "Cuts IN into blocks, extracts each with one seed for all, and writes the outputs one after another. "
          "--epsilon is the distance from uniform of everything together; an account adds up the blocks and refuses "
          "to pass it. --plan shows what each extractor would yield, and why.\nA seed file is the seed string, bit i "
          "in bit i%8 of byte i/8; without one the seed comes from the operating system. "
          "LIGHTSEED_TARGET=portable|128|256|512 forces an instruction set.",
      .examples = {"lightseed extract raw.bin -o random.bin --claim 6.4 --discard-tail",
                   "lightseed extract - -o - --claim 6.4 --discard-tail < raw.bin | xxd | head",
                   "lightseed extract bits.txt --format digits -o random.bin \\\n    --claim 0.9 --discard-tail",
                   "lightseed extract --plan --raw-bits 8G --claim 0.8 --bits 1 --epsilon 2^-64"},
      .options = extract_options(),
      .positional = {"input"},
      .run = run_extract};
}

}  // namespace lightseed::cli
