// SPDX-License-Identifier: Apache-2.0
#include "pipeline/raw_portrait.h"

#include "driver/modelled.h"

namespace lightseed {

RawPortrait raw_portrait_of(std::span<const std::byte> raw, const Source& source) {
  const SampleFormat& format = source.info().format;
  std::vector<std::uint16_t> samples(format.samples_in(raw.size()));
  unpack(raw, format, samples);
  RawPortrait portrait{.seen = health::portrait_of(samples, format.bits)};
  const std::uint64_t codes = std::uint64_t{1} << format.bits;
  portrait.codes_a_range = codes / portrait.seen.histogram.size();
  const auto* const modelled = dynamic_cast<const Modelled*>(&source);
  const auto law = modelled != nullptr ? modelled->law() : std::nullopt;
  if (!law || law->shares.size() != codes) return portrait;
  portrait.counted_on = law->counted_on;
  portrait.expected.resize(portrait.seen.histogram.size());
  for (std::size_t code = 0; code < law->shares.size(); ++code)
    portrait.expected[code / portrait.codes_a_range] += law->shares[code] * static_cast<double>(portrait.seen.samples);
  return portrait;
}

Json to_json(const RawPortrait& portrait) {
  Json json{{"samples", portrait.seen.samples},
            {"mean", portrait.seen.mean},
            {"variance", portrait.seen.variance},
            {"codes_a_range", portrait.codes_a_range},
            {"histogram", portrait.seen.histogram}};
  if (!portrait.expected.empty()) json["expected"] = portrait.expected;
  return json;
}

}  // namespace lightseed
