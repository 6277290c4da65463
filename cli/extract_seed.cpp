// SPDX-License-Identifier: Apache-2.0
#include "cli/extract_seed.h"

#include <fmt/format.h>

#include <utility>

#include "cli/raw_input.h"
#include "core/bits.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "crypto/digest.h"
#include "entropy/extract/seed_order.h"

namespace lightseed::cli {
namespace {

void read_seed(const Context& context, const std::string& kind, const ExtractorShape& shape, std::size_t bits,
               std::span<std::byte> out) {
  const std::string path = context.text("seed-file");
  const RawInput file(path, context.stop);
  std::size_t got = 0;
  while (const std::size_t step = got < out.size() ? file.read(out.subspan(got)) : 0)
    got += step;
  std::byte more{};
  if (got == out.size() && file.read(std::span(&more, 1)) == 0) return;
  throw Error(Category::usage,
              fmt::format("{}: the seed of {} for n = {}, m = {} has {} bits, a file of exactly {} bytes", path, kind,
                          shape.input_bits, shape.output_bits, bits, out.size()));
}

}  // namespace

ExtractSeed make_seed(const Context& context, const ExtractorKind& kind, const ExtractorShape& shape) {
  ExtractSeed seed;
  const SeedOrder order = seed_order_from(context.text("seed-order"));
  const bool native = order == SeedOrder::native;
  if (!native && kind.matrix == nullptr) {
    throw Error(Category::usage, fmt::format("--seed-order is for Toeplitz matrices; {} has none", kind.name));
  }
  const auto [rows, columns] = native ? std::pair<std::size_t, std::size_t>{} : kind.matrix(shape);
  const std::size_t bits = native ? shape.seed_bits : seed_string_bits(order, rows, columns);
  seed.bytes = (bits + 7) / 8;
  seed.string = SecretBytes(words_for(bits) * sizeof(std::uint64_t));
  if (bits == 0) {
    if (context.has("seed-file")) throw Error(Category::usage, fmt::format("{} takes no seed", kind.name));
    return seed;
  }
  const auto part = seed.string.bytes().first(seed.bytes);
  const bool from_file = context.has("seed-file");
  if (from_file) {
    read_seed(context, std::string(kind.name), shape, bits, part);
  } else {
    system_random(part);
  }
  seed.origin = {{"origin", from_file ? "file" : "operating system"},
                 {"bits", bits},
                 {"order", name_of(order)},
                 {"sha256", hex(sha256(part))}};
  if (bits % 64 != 0) seed.string.words().back() &= (std::uint64_t{1} << bits % 64) - 1;
  if (!native) seed.native = native_seed(order, rows, columns, seed.string.words());
  return seed;
}

}  // namespace lightseed::cli
