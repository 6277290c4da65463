#include "entropy/extract/additive_fft/fft_product.h"

#include <algorithm>

#include "core/bits.h"
#include "entropy/extract/additive_fft/transform.h"

namespace lightseed {
namespace {

namespace fft = additive_fft;

constexpr std::size_t tile_words = FftProduct::tile_bits / 64;
constexpr std::size_t scratch_bytes = 16384;

std::size_t tiles_for(std::size_t bits) noexcept {
  return (bits + FftProduct::tile_bits - 1) / FftProduct::tile_bits;
}

std::uint8_t* octets(std::byte* bytes) noexcept {
  return static_cast<std::uint8_t*>(static_cast<void*>(bytes));
}

const std::uint8_t* octets(const std::byte* bytes) noexcept {
  return static_cast<const std::uint8_t*>(static_cast<const void*>(bytes));
}

/// High byte of the carry-less product of two bytes, without tables or branches.
std::uint8_t high_byte_of_product(std::uint8_t a, std::uint8_t b) noexcept {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i)
    product ^= (b >> i & 1U) * (static_cast<unsigned>(a) << i);
  return static_cast<std::uint8_t>(product >> 8);
}

}  // namespace

double FftProduct::cycles(std::size_t rows, std::size_t columns) noexcept {
  const auto r = static_cast<double>(tiles_for(rows));
  const auto c = static_cast<double>(tiles_for(columns));
  return 110e3 * c + 150e3 * r + 14e3 * r * c;
}

#if defined(__x86_64__)

FftProduct::FftProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals)
    : rows_(rows), columns_(columns), tile_rows_(tiles_for(rows)), tile_columns_(tiles_for(columns)) {
  const std::size_t tile_diagonals = tile_rows_ + tile_columns_ - 1;
  // Padding the columns to whole tiles moves every diagonal up by the same distance.
  SecretBytes padded((tile_diagonals + 1) * tile_bits / 8);
  copy_bits(diagonals, 0, padded.words(), tile_columns_ * tile_bits - columns, rows + columns);
  spectra_ = SecretBytes(tile_diagonals * fft::spectrum_bytes);
  SecretBytes window(fft::points);
  SecretBytes scratch(scratch_bytes);
  for (std::size_t d = 0; d < tile_diagonals; ++d) {
    std::copy_n(padded.data() + d * tile_bits / 8, fft::points, window.data());
    last_bytes_.push_back(octets(window.data())[fft::points - 1]);
    fft::transform_all(fft::tables(), octets(window.data()), octets(spectra_.data()) + d * fft::spectrum_bytes,
                       octets(scratch.data()));
  }
}

void FftProduct::multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                          std::span<std::uint64_t> y) const {
  // Working memory of this thread: the input's spectra, one sum, one tile, scratch.
  const std::size_t inputs = tile_columns_ * fft::spectrum_bytes;
  thread_local SecretBytes memory;
  const std::size_t needed = inputs + fft::spectrum_bytes + fft::input_bytes + scratch_bytes;
  if (memory.size() < needed) memory = SecretBytes(needed);
  std::uint8_t* const spectra = octets(memory.data());
  std::uint8_t* const sum = spectra + inputs;
  const std::span<std::uint64_t> tile =
      memory.words().subspan((inputs + fft::spectrum_bytes) / sizeof(std::uint64_t), tile_words);
  auto* const tile_octets = static_cast<std::uint8_t*>(static_cast<void*>(tile.data()));
  std::uint8_t* const scratch = tile_octets + fft::input_bytes;

  std::vector<std::uint8_t> last_input(tile_columns_);
  for (std::size_t c = 0; c < tile_columns_; ++c) {
    std::ranges::fill(tile, 0);
    copy_bits(x, c * tile_bits, tile, 0, std::min(tile_bits, columns_ - c * tile_bits));
    last_input[c] = tile_octets[fft::input_bytes - 1];
    fft::transform_half(fft::tables(), tile_octets, spectra + c * fft::spectrum_bytes, scratch);
  }
  for (std::size_t r = 0; r < tile_rows_; ++r) {
    std::fill_n(sum, fft::spectrum_bytes, std::uint8_t{0});
    std::uint8_t wrapped = 0;
    for (std::size_t c = 0; c < tile_columns_; ++c) {
      const std::size_t d = tile_columns_ - 1 + r - c;
      fft::accumulate(fft::tables(), spectra + c * fft::spectrum_bytes,
                      octets(spectra_.data()) + d * fft::spectrum_bytes, sum);
      wrapped ^= high_byte_of_product(last_bytes_[d], last_input[c]);
    }
    std::ranges::fill(tile, 0);
    // Coefficient 65536 + a of the product comes back at a + 1. Only the topmost one reaches the bytes that are
    // wanted: its high half meets the first of them.
    tile_octets[0] = wrapped;
    fft::inverse_upper_half(fft::tables(), sum, tile_octets, scratch);
    const std::size_t bits = std::min(tile_bits, rows_ - r * tile_bits);
    const std::size_t first = r * tile_words;
    for (std::size_t i = 0; i < words_for(bits); ++i)
      y[first + i] = init.empty() ? tile[i] : tile[i] ^ init[first + i];
    if (bits % 64 != 0) {
      const std::uint64_t ones = (std::uint64_t{1} << bits % 64) - 1;
      y[first + words_for(bits) - 1] &= ones;
    }
  }
  // `last_input` is a piece of the input too.
  std::ranges::fill(last_input, std::uint8_t{0});
}

#else

FftProduct::FftProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t>)
    : rows_(rows), columns_(columns), tile_rows_(tiles_for(rows)), tile_columns_(tiles_for(columns)) {}

void FftProduct::multiply(std::span<const std::uint64_t>, std::span<const std::uint64_t>,
                          std::span<std::uint64_t>) const {}

#endif

}  // namespace lightseed
