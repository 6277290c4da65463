// SPDX-License-Identifier: Apache-2.0
#include "evidence/extraction_record.h"

#include "evidence/hex_member.h"

namespace lightseed {
namespace {

constexpr std::uint64_t largest_block = std::uint64_t{1} << 32;  // bits, n and m
constexpr std::uint64_t largest_seed = std::uint64_t{1} << 40;   // bits
constexpr double widest_sample = 16;                             // bits
constexpr double least_log2_epsilon = -4000;

}  // namespace

std::string_view name_of(ExtractorSeedRecord::Origin origin) noexcept {
  return origin == ExtractorSeedRecord::Origin::operating_system ? "operating-system" : "second-source";
}

Json to_json(const ExtractorSeedRecord& record) {
  return Json{{"origin", name_of(record.origin)},
              {"source", record.source},
              {"log2_epsilon", record.log2_epsilon ? Json(*record.log2_epsilon) : Json()},
              {"bits", record.bits},
              {"sha256", record.sha256}};
}

Json to_json(const ExtractionRecord& record) {
  return Json{{"extractor", record.extractor},
              {"block_bits", record.block_bits},
              {"bits_per_sample", record.bits_per_sample},
              {"wanted_bits", record.wanted_bits},
              {"log2_epsilon_limit", record.log2_epsilon_limit},
              {"input_bits", record.input_bits},
              {"output_bits", record.output_bits},
              {"samples_per_block", record.samples},
              {"min_entropy_per_block", record.min_entropy},
              {"blocks", record.blocks},
              {"log2_epsilon_block", record.log2_epsilon_block},
              {"seed", to_json(record.seed)},
              {"epsilon", to_json(record.epsilon)}};
}

ExtractorSeedRecord extractor_seed_from(ObjectReader reader) {
  using Origin = ExtractorSeedRecord::Origin;
  static constexpr Origin all[] = {Origin::operating_system, Origin::second_source};
  ExtractorSeedRecord record;
  record.origin = take_enum(reader, "origin", all);
  record.source = reader.text("source");
  record.log2_epsilon = reader.number_or_null("log2_epsilon");
  record.bits = reader.count("bits", 1, largest_seed);
  record.sha256 = take_sha256(reader, "sha256");
  const bool second = record.origin == Origin::second_source;
  if (record.source.empty() == second) reader.fail("source", "a second source, and it alone, has a URI");
  if (record.log2_epsilon.has_value() != second)
    reader.fail("log2_epsilon", "a second source, and it alone, has an epsilon");
  if (second && !(*record.log2_epsilon >= least_log2_epsilon && *record.log2_epsilon < 0))
    reader.fail("log2_epsilon", "it is not from -4000 to below 0");
  reader.finish();
  return record;
}

ExtractionRecord extraction_record_from(ObjectReader reader) {
  ExtractionRecord record;
  record.extractor = reader.text("extractor");
  record.block_bits = reader.count("block_bits", 2, largest_block);
  record.bits_per_sample = reader.number("bits_per_sample", 0, widest_sample);
  record.wanted_bits = reader.count("wanted_bits", 1);
  record.log2_epsilon_limit = reader.number("log2_epsilon_limit", least_log2_epsilon, 0);
  record.input_bits = reader.count("input_bits", 1, largest_block);
  record.output_bits = reader.count("output_bits", 1, largest_block);
  record.samples = reader.count("samples_per_block", 1, largest_block);
  record.min_entropy = reader.number("min_entropy_per_block", 0);
  record.blocks = reader.count("blocks", 1);
  record.log2_epsilon_block = reader.number("log2_epsilon_block", least_log2_epsilon, 0);
  record.seed = extractor_seed_from(reader.object("seed"));
  record.epsilon = epsilon_record_from(reader.object("epsilon"));
  reader.finish();
  return record;
}

}  // namespace lightseed
