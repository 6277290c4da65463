// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.h"
#include "entropy/extract/registry.h"

namespace lightseed::cli {

/// --extractor, for every verb that makes keys: any kind with a seed.
inline void add_extractor_option(boost::program_options::options_description& options) {
  std::string names;
  for (const ExtractorKind& kind : extractors()) {
    if (kind.seeded) names += (names.empty() ? "" : ", ") + std::string(kind.name);
  }
  options.add_options()("extractor",
                        boost::program_options::value<std::string>()
                            ->default_value(std::string(extractors().front().name))
                            ->value_name("NAME"),
                        names.c_str());
}

}  // namespace lightseed::cli
