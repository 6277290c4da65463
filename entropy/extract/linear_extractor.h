// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "core/bits.h"
#include "entropy/extract/extractor.h"

namespace lightseed {

/// An extractor that is one linear map, chosen by the seed. `Map` offers multiply(x, y): y = M x, x with n bits and
/// more, y words_for(m) words whose bits from m on become zero. One with a stream form also offers mask_input_bits()
/// and mask(x, y) (Extractor).
template <typename Map>
class LinearExtractor final : public Extractor {
 public:
  /// `parts` make the map.
  template <typename... Parts>
  LinearExtractor(std::string_view name, const ExtractorShape& shape, Parts&&... parts)
      : name_(name), shape_(shape), map_(std::forward<Parts>(parts)...) {}

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    map_.multiply(input, output.first(words_for(shape_.output_bits)));
    return shape_.output_bits;
  }

  [[nodiscard]] std::size_t mask_input_bits() const noexcept override {
    if constexpr (requires { map_.mask_input_bits(); }) return map_.mask_input_bits();
    return 0;
  }

  void mask(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    if constexpr (requires { map_.mask_input_bits(); }) {
      map_.mask(input, output.first(words_for(shape_.output_bits)));
    } else {
      Extractor::mask(input, output);
    }
  }

 private:
  std::string_view name_;  ///< a literal
  ExtractorShape shape_;
  Map map_;
};

}  // namespace lightseed
