// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/error.h"
#include "entropy/extract/circulant/circulant.h"
#include "entropy/extract/dense/dense.h"
#include "entropy/extract/dodis/dodis.h"
#include "entropy/extract/elias/elias.h"
#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"
#include "entropy/extract/peres/peres.h"
#include "entropy/extract/raz/raz.h"
#include "entropy/extract/toeplitz/toeplitz.h"
#include "entropy/extract/trevisan/trevisan.h"
#include "entropy/extract/von_neumann/von_neumann.h"

namespace lightseed {

const std::vector<ExtractorKind>& extractors() {
  static const std::vector<ExtractorKind> all = [] {
    std::vector<ExtractorKind> list;
    list.push_back(modified_toeplitz_kind());
    list.push_back(toeplitz_kind());
    list.push_back(circulant_kind());
    list.push_back(dodis_kind());
    list.push_back(raz_kind());
    list.push_back(trevisan_kind());
    list.push_back(dense_kind());
    list.push_back(von_neumann_kind());
    list.push_back(peres_kind());
    list.push_back(elias_kind());
    return list;
  }();
  return all;
}

const ExtractorKind& extractor_kind(std::string_view name) {
  const auto found = std::ranges::find(extractors(), name, &ExtractorKind::name);
  if (found != extractors().end()) return *found;
  std::string known;
  for (const ExtractorKind& kind : extractors())
    known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
  throw Error(Category::usage, fmt::format("unknown extractor {}; this build has: {}", name, known));
}

}  // namespace lightseed
