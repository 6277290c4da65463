#include "cli/extract_options.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "cli/quantity.h"
#include "core/error.h"
#include "entropy/extract/registry.h"

namespace lightseed::cli {
namespace {

/// A small number as its logarithm: "2^-64" or "1e-20".
double parse_epsilon(const std::string& option, const std::string& text) {
  std::string_view digits = text;
  const bool power = digits.starts_with("2^");
  if (power) digits.remove_prefix(2);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc{} && end == digits.data() + digits.size()) {
    const double log2 = power ? value : std::log2(value);
    if (log2 < 0 && log2 >= -4000) return log2;
  }
  throw Error(Category::usage,
              fmt::format("--{} {}: expected a probability below 1, such as 2^-64 or 1e-20", option, text));
}

}  // namespace

boost::program_options::options_description extract_options() {
  namespace po = boost::program_options;
  std::string names;
  for (const ExtractorKind& kind : extractors())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", kind.name);
  po::options_description options("Options");
  const auto add = [&](const char* name, const po::value_semantic* value, const std::string& text) {
    options.add_options()(name, value, text.c_str());
  };
  const auto flag = [&](const char* name, const char* text) { options.add_options()(name, text); };
  add("input", po::value<std::string>()->default_value("-")->value_name("IN"), "raw bits: a file, or - for stdin");
  add("output,o", po::value<std::string>()->value_name("FILE"), "new file (mode 0600), or - for stdout");
  add("using", po::value<std::string>()->default_value("modified-toeplitz")->value_name("NAME"), names);
  add("entropy", po::value<double>()->required(), "min-entropy of a raw bit, above 0 and up to 1");
  add("epsilon", po::value<std::string>()->default_value("2^-64"),
      "largest distance from uniform of all output together");
  add("raw-bits", po::value<std::string>(),
      "most raw bits the promise covers (1G, 64Mi); default: the file's, for a pipe 2^50");
  add("block-bits", po::value<std::size_t>()->default_value(16384),
      "raw bits of a block; some kinds take the next length below");
  add("output-bits", po::value<std::size_t>(),
      "output bits of a block; default: the most the theory allows, in whole words");
  add("side", po::value<std::string>()->default_value("quantum"),
      "side information somebody may hold: quantum or classical");
  add("smoothing", po::value<std::string>(), "the entropy is smooth min-entropy with this smoothing parameter a block");
  add("seed-entropy", po::value<double>()->default_value(1), "min-entropy of a seed bit, for weak seeds");
  add("seed-file", po::value<std::string>()->value_name("FILE"),
      "the seed string, for dodis and raz the second source's; default: the operating system's generator");
  add("seed-order", po::value<std::string>()->default_value("native"),
      "native, or a peer's: wrapped, column-first, row-first");
  add("threads", po::value<unsigned>()->default_value(1), "threads that extract, 1 to 256");
  flag("discard-tail", "leave out raw bits at the end that do not fill a block");
  flag("plan", "extract nothing; show what each extractor yields");
  return options;
}

double epsilon_limit(const Context& context) {
  return parse_epsilon("epsilon", context.get<std::string>("epsilon"));
}

std::uint64_t expected_raw_bits(const Context& context, std::optional<std::uint64_t> input_bytes) {
  if (context.has("raw-bits")) return parse_quantity("raw-bits", context.get<std::string>("raw-bits"));
  return input_bytes ? *input_bytes * 8 : std::uint64_t{1} << 50;
}

ExtractionRequest extraction_request(const Context& context) {
  const unsigned threads = context.get<unsigned>("threads");
  if (threads < 1 || threads > 256) {
    throw Error(Category::usage, fmt::format("--threads {}: expected 1 to 256", threads));
  }
  ExtractionRequest request;
  request.block_bits = context.get<std::size_t>("block-bits");
  request.entropy_per_bit = context.get<double>("entropy");
  request.log2_epsilon = epsilon_limit(context);
  request.seed_entropy_per_bit = context.get<double>("seed-entropy");
  if (context.has("output-bits")) request.output_bits = context.get<std::size_t>("output-bits");
  if (context.has("smoothing"))
    request.log2_smoothing = parse_epsilon("smoothing", context.get<std::string>("smoothing"));
  const auto side = context.get<std::string>("side");
  if (side != "quantum" && side != "classical") {
    throw Error(Category::usage, fmt::format("--side {}: expected quantum or classical", side));
  }
  request.side = side == "quantum" ? SideInformation::quantum : SideInformation::classical;
  validate(request);
  return request;
}

}  // namespace lightseed::cli
