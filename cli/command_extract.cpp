#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <iostream>
#include <optional>

#include "cli/exit_code.h"
#include "cli/extract_options.h"
#include "cli/payload.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "core/bits.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "crypto/digest.h"
#include "driver/sidecar.h"
#include "entropy/extract/bulk.h"
#include "entropy/extract/measured_rate.h"
#include "entropy/extract/registry.h"
#include "entropy/extract/run_plan.h"
#include "entropy/extract/seed.h"
#include "entropy/extract/seed_order.h"

namespace lightseed::cli {
namespace {

/// The raw data: a file or stdin.
class RawInput {
 public:
  explicit RawInput(const std::string& name) : name_(name), fd_(name == "-" ? STDIN_FILENO : open_file(name)) {
    struct stat status {};
    if (fstat(fd_, &status) == 0 && S_ISREG(status.st_mode)) bytes_ = static_cast<std::uint64_t>(status.st_size);
  }
  ~RawInput() {
    if (fd_ != STDIN_FILENO) close(fd_);
  }
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;

  /// Length of a regular file; unknown for a pipe.
  [[nodiscard]] std::optional<std::uint64_t> bytes() const noexcept { return bytes_; }

  std::size_t read(std::span<std::byte> out) const {
    for (;;) {
      const ssize_t got = ::read(fd_, out.data(), out.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw system_error("read", name_ == "-" ? "stdin" : name_, errno);
    }
  }

 private:
  std::string name_;
  int fd_;
  std::optional<std::uint64_t> bytes_;

  static int open_file(const std::string& name) {
    const int fd = open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw system_error("open", name, errno);
    return fd;
  }
};

/// The seed string of a plan, as words in native order, and what may be said about it.
struct Seed {
  SecretBytes string;  ///< as read, whole words
  SecretBytes native;  ///< for Toeplitz matrices given in another order
  std::size_t bytes = 0;
  Json origin;

  [[nodiscard]] std::span<const std::uint64_t> words() const {
    return native.size() != 0 ? native.words() : string.words();
  }
};

Seed make_seed(const Context& context, const ExtractorKind& kind, const ExtractorShape& shape) {
  Seed seed;
  const SeedOrder order = seed_order_from(context.get<std::string>("seed-order"));
  if (order != SeedOrder::native && kind.matrix == nullptr) {
    throw Error(Category::usage, fmt::format("--seed-order is for Toeplitz matrices; {} has none", kind.name));
  }
  std::size_t bits = shape.seed_bits;
  if (order != SeedOrder::native) {
    const auto [rows, columns] = kind.matrix(shape);
    bits = seed_string_bits(order, rows, columns);
  }
  seed.bytes = (bits + 7) / 8;
  seed.string = SecretBytes(words_for(bits) * sizeof(std::uint64_t));
  if (bits == 0) {
    if (context.has("seed-file")) throw Error(Category::usage, fmt::format("{} takes no seed", kind.name));
    return seed;
  }
  const auto part = seed.string.bytes().first(seed.bytes);
  if (context.has("seed-file")) {
    const auto path = context.get<std::string>("seed-file");
    const RawInput file(path);
    std::size_t got = 0;
    while (const std::size_t step = got < part.size() ? file.read(part.subspan(got)) : 0)
      got += step;
    std::byte more{};
    if (got != part.size() || file.read(std::span(&more, 1)) != 0) {
      throw Error(Category::usage,
                  fmt::format("{}: the seed of {} for n = {}, m = {} has {} bits, a file of exactly {} bytes", path,
                              kind.name, shape.input_bits, shape.output_bits, bits, part.size()));
    }
    seed.origin = {{"origin", "file"}, {"bits", bits}, {"order", name_of(order)}, {"sha256", hex(sha256(part))}};
  } else {
    system_random(part);
    seed.origin = {
        {"origin", "operating system"}, {"bits", bits}, {"order", name_of(order)}, {"sha256", hex(sha256(part))}};
  }
  if (bits % 64 != 0) seed.string.words().back() &= (std::uint64_t{1} << bits % 64) - 1;
  if (order != SeedOrder::native) {
    const auto [rows, columns] = kind.matrix(shape);
    seed.native = native_seed(order, rows, columns, seed.string.words());
  }
  return seed;
}

int show_plans(const Context& context, std::uint64_t raw_bits) {
  const ExtractionRequest request = extraction_request(context);
  Json plans = Json::array();
  Json refused = Json::array();
  std::string text = fmt::format("{:<18} {:>9} {:>9} {:>12} {:>6} {:>9} {:>9} {:>13}\n", "extractor", "n", "m",
                                 "seed bits", "m/k", "eps/block", "eps total", "here, 1 core");
  std::string notes;
  std::string best;
  double best_yield = 0;
  double best_rate = 0;
  for (const ExtractorKind& kind : extractors()) {
    try {
      const auto [plan, blocks, limit] = plan_string(kind, request, raw_bits);
      SecretBytes seed(words_for(plan.shape.seed_bits) * sizeof(std::uint64_t));
      system_random(seed.bytes());
      const double rate = measured_rate(*kind.make(plan.shape, seed.words(), active_target()));
      Json json = to_json(plan);
      const bool seeded = kind.seeded;
      json["blocks_covered"] = blocks;
      json["log2_epsilon_total"] = seeded ? Json(limit) : Json();
      json["measured_raw_bits_per_second"] = rate;
      plans.push_back(std::move(json));
      // What the von Neumann family yields does not come from the min-entropy claim: m/k would compare it with nothing.
      text += fmt::format("{:<18} {:>9} {:>9} {:>12} {:>6} {:>9} {:>9} {:>6.3g} Gbit/s\n", kind.name,
                          plan.shape.input_bits, seeded ? plan.shape.output_bits : plan.most_bits, plan.shape.seed_bits,
                          seeded ? fmt::format("{:.3f}", plan.efficiency()) : "-",
                          seeded ? fmt::format("2^{:.6g}", plan.log2_epsilon) : "none",
                          seeded ? fmt::format("2^{:.6g}", limit) : "none", rate / 1e9);
      notes += fmt::format("{}: {}\n    {}\n", kind.name, plan.formula, plan.source);
      // The best yield wins; within one per cent of it, the fastest.
      const double yield = static_cast<double>(plan.shape.output_bits) / static_cast<double>(plan.shape.input_bits);
      if (seeded && (yield > best_yield * 1.01 || (yield > best_yield * 0.99 && rate > best_rate))) {
        best = kind.name;
        best_yield = yield;
        best_rate = rate;
      }
    } catch (const Error& e) {
      refused.push_back({{"extractor", kind.name}, {"reason", e.what()}});
      notes += fmt::format("{}: not possible: {}\n", kind.name, e.what());
    }
  }
  if (context.json()) {
    print_json("extract-plan", {{"raw_bits_covered", raw_bits},
                                {"recommended", best.empty() ? Json() : Json(best)},
                                {"plans", plans},
                                {"refused", refused}});
  } else {
    std::cout << text << "\n"
              << notes << "\n"
              << (best.empty() ? std::string("No seeded extractor yields anything from this.\n")
                               : fmt::format("Recommended: {} – for up to {} raw bits.\n", best, raw_bits));
  }
  return best.empty() ? exit_code(Category::refused) : 0;
}

int run(const Context& context) {
  const auto name = context.get<std::string>("input");
  if (context.has("plan")) {
    return show_plans(context, expected_raw_bits(context, name == "-" ? std::nullopt : RawInput(name).bytes()));
  }
  const RawInput input(name);
  if (!context.has("output")) throw Error(Category::usage, "say where the output goes: -o FILE, or -o - for stdout");
  const auto target = context.get<std::string>("output");
  if (context.json() && target == "-") {
    throw Error(Category::usage, "--json and -o - would both write to stdout; give the output a file");
  }
  const ExtractorKind& kind = extractor_kind(context.get<std::string>("using"));
  const auto [plan, blocks, limit] =
      plan_string(kind, extraction_request(context), expected_raw_bits(context, input.bytes()));
  const bool seeded = kind.seeded;
  if (input.bytes()) {
    const std::uint64_t left = *input.bytes() * 8 % plan.shape.input_bits;
    if (left >= 8 && !context.has("discard-tail")) {
      throw Error(
          Category::refused,
          fmt::format("{} has {} bytes: {} blocks of n = {} bits and {} bits over, which are never padded; pass "
                      "--discard-tail to leave them out",
                      name, *input.bytes(), *input.bytes() * 8 / plan.shape.input_bits, plan.shape.input_bits, left));
    }
  }
  const Seed seed = make_seed(context, kind, plan.shape);
  const auto extractor = kind.make(plan.shape, seed.words(), active_target());
  SeedWatch watch(context.has("seed-file") ? seed.string.bytes().first(seed.bytes) : std::span<const std::byte>());
  EpsilonAccount account(limit);

  Payload out(target, AtomicFile::Mode::secret);
  Progress progress("extracting");
  std::uint64_t read_bytes = 0;
  const auto read = [&](std::span<std::byte> part) {
    const std::size_t got = input.read(part);
    watch.look(part.first(got));
    read_bytes += got;
    progress.show(read_bytes, input.bytes().value_or(0), "bytes");
    return got;
  };
  const BulkResult result = extract_stream(*extractor, read, [&](auto bytes) { out.write(bytes); },
                                           {.threads = context.get<unsigned>("threads"),
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
            {"plan", to_json(plan)},
            {"seed", seed.origin},
            {"epsilon_account", seeded ? to_json(account.record()) : Json()}};
  if (name != "-" && std::filesystem::exists(sidecar_path(name))) {
    const Provenance provenance = read_sidecar(sidecar_path(name)).source.provenance;
    body["provenance"] = name_of(worst(provenance, Provenance::recorded));
    words = banner(worst(provenance, Provenance::recorded));
    body["banner"] = words;
  }
  if (context.json()) print_json("extract", body);
  std::cerr << fmt::format(
      "{} bytes from {} blocks of {} bits by {} ({}), {}{}{}\n", result.output_bytes, result.blocks,
      plan.shape.input_bits, kind.name, name_of(active_target()),
      seeded ? fmt::format("within 2^{:.6g} of uniform if the entropy is as claimed", account.total_log2())
             : "uniform only if the raw bits are exchangeable",
      words.empty() ? "" : " – ", words);
  return 0;
}

}  // namespace

Command extract_command() {
  Command command{.name = "extract",
                  .summary = "distil raw bits of known min-entropy into almost uniform ones",
                  .description =
                      "Cuts IN into blocks, extracts each with one seed for all, and writes the outputs one after\n"
                      "another. --epsilon is the distance from uniform of everything together; an account adds up\n"
                      "the blocks and refuses to pass it. --plan shows what each extractor would yield, and why.\n"
                      "A seed file is the seed string, bit i in bit i%8 of byte i/8; without one the seed comes from\n"
                      "the operating system. LIGHTSEED_TARGET=portable|128|256|512 forces an instruction set.",
                  .examples = {"lightseed extract raw.bin -o random.bin --entropy 0.8 --epsilon 2^-64 --discard-tail",
                               "lightseed extract - -o - --entropy 0.8 --raw-bits 1G < raw.bin | head -c 32 | xxd",
                               "lightseed extract --plan --raw-bits 8G --entropy 0.8 --epsilon 2^-64"},
                  .options = extract_options(),
                  .positional = {"input"},
                  .run = run};
  return command;
}

}  // namespace lightseed::cli
