#include "cli/expansion_options.h"

#include "cli/quantity.h"

namespace lightseed::cli {

void add_expansion_options(boost::program_options::options_description& options) {
  namespace po = boost::program_options;
  options.add_options()("mode", po::value<std::string>()->default_value("full-entropy"),
                        "full-entropy, rbg3-xor, rbg3-rs or rbg2")(
      "drbg", po::value<std::string>()->default_value("hmac-sha2-256"),
      "of SP 800-90A: hmac-sha2-256, hmac-sha2-512, hash-sha2-256, hash-sha2-512, ctr-aes-256")(
      "seed-bytes", po::value<std::string>()->default_value("1Mi"), "rbg2: most bytes between two reseeds");
}

RandomBits::Settings expansion_settings(const Context& context) {
  return {.construction = construction_from(context.get<std::string>("mode")),
          .drbg = context.get<std::string>("drbg"),
          .bytes_per_seed = parse_quantity("seed-bytes", context.get<std::string>("seed-bytes"))};
}

}  // namespace lightseed::cli
