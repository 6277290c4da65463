// SPDX-License-Identifier: Apache-2.0
// The recursion of TileKernel::multiply over one instruction set's leaf. Included once by every kernel_*.cpp,
// between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard
// and no includes.
//
// Leaf offers: words, an accumulator type Sum, zero(), add(sum, other), add_product(record, x, sum) and
// store(sum, init, y) with init null or a vector of `words` words.

/// to = a + b. The compiler must know that these are apart, or it moves word by word what a leaf then loads as vectors.
template <std::size_t count>
void add_words(std::uint64_t* __restrict to, const std::uint64_t* __restrict a, const std::uint64_t* __restrict b) {
  for (std::size_t i = 0; i < count; ++i)
    to[i] = a[i] ^ b[i];
  // A leaf broadcasts pairs of words: loads do it for nothing. From registers, if the compiler still knew them, it
  // would take shuffles, which compete with the multiplier.
  asm volatile("" : : "r"(to) : "memory");
}

template <typename Leaf>
void multiply_leaf(const std::uint64_t* table, const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y) {
  typename Leaf::Sum sum = Leaf::zero();
  Leaf::add_product(table, x, sum);
  Leaf::store(sum, init, y);
}

/// One level above the leaves: the shared product P never leaves the registers.
template <typename Leaf>
void multiply_pair(const std::uint64_t* table, const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                   std::uint64_t* scratch) {
  constexpr std::size_t half = Leaf::words;
  add_words<half>(scratch, x, x + half);
  typename Leaf::Sum shared = Leaf::zero();
  Leaf::add_product(table, scratch, shared);
  typename Leaf::Sum low = shared;
  Leaf::add_product(table + Leaf::record_words, x + half, low);
  Leaf::add_product(table + 2 * Leaf::record_words, x, shared);
  Leaf::store(low, init, y);
  Leaf::store(shared, init == nullptr ? nullptr : init + half, y + half);
}

/// An odd number of leaves, three and more: see tile_kernel.h.
template <typename Leaf>
void multiply_ways(const std::uint64_t* table, const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                   std::size_t ways, std::uint64_t* scratch) {
  constexpr std::size_t leaf = Leaf::words;
  if (init == nullptr) {
    std::fill_n(y, ways * leaf, 0);
  } else if (init != y) {
    std::copy_n(init, ways * leaf, y);
  }
  const auto input = [&](std::size_t i) { return x + (ways - 1 - i) * leaf; };
  for (std::size_t i = 0; i < ways; ++i) {
    typename Leaf::Sum sum = Leaf::zero();
    Leaf::add_product(table + i * Leaf::record_words, input(i), sum);
    for (std::size_t j = i + 1; j < ways; ++j) {
      add_words<leaf>(scratch, input(i), input(j));
      typename Leaf::Sum shared = Leaf::zero();
      Leaf::add_product(table + (ways + i + j - 1) * Leaf::record_words, scratch, shared);
      Leaf::add(sum, shared);
      Leaf::store(shared, y + j * leaf, y + j * leaf);
    }
    Leaf::store(sum, y + i * leaf, y + i * leaf);
  }
}

template <typename Leaf>
void multiply_tile(const std::uint64_t* table, const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                   std::size_t words, std::uint64_t* scratch) {
  const std::size_t leaves = words / Leaf::words;
  if (leaves == 1) return multiply_leaf<Leaf>(table, x, init, y);
  if (leaves == 2) return multiply_pair<Leaf>(table, x, init, y, scratch);
  if (leaves % 2 != 0) return multiply_ways<Leaf>(table, x, init, y, leaves, scratch);
  const std::size_t half = words / 2;
  const std::size_t third = table_records(leaves / 2) * Leaf::record_words;  // of one half-size product
  std::uint64_t* const sum = scratch;
  std::uint64_t* const shared = scratch + half;
  std::uint64_t* const rest = scratch + words;
  for (std::size_t i = 0; i < half; ++i)
    sum[i] = x[i] ^ x[half + i];
  multiply_tile<Leaf>(table, sum, nullptr, shared, half, rest);
  const std::uint64_t* low = shared;
  const std::uint64_t* high = shared;
  if (init != nullptr) {
    for (std::size_t i = 0; i < half; ++i)
      y[i] = init[i] ^ shared[i];
    for (std::size_t i = 0; i < half; ++i)
      y[half + i] = init[half + i] ^ shared[i];
    low = y;
    high = y + half;
  }
  multiply_tile<Leaf>(table + third, x + half, low, y, half, rest);
  multiply_tile<Leaf>(table + 2 * third, x, high, y + half, half, rest);
}
