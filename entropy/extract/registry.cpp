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
#include "entropy/extract/toeplitz/toeplitz.h"
#include "entropy/extract/von_neumann/von_neumann.h"

namespace lightseed {

const std::vector<ExtractorKind>& extractors() {
  static const std::vector<ExtractorKind> all{
      modified_toeplitz_kind(), toeplitz_kind(), circulant_kind(), dodis_kind(), dense_kind(),
      von_neumann_kind(),       peres_kind(),    elias_kind(),
  };
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
