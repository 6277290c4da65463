// The recursion of TileKernel::multiply over one instruction set's leaf. Included once by every kernel_*.cpp,
// between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard
// and no includes.
//
// Leaf offers: words, an accumulator type Sum, zero(), add_product(record, x, sum) and
// store(sum, init, y) with init null or a vector of `words` words.

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
  for (std::size_t i = 0; i < half; ++i)
    scratch[i] = x[i] ^ x[half + i];
  typename Leaf::Sum shared = Leaf::zero();
  Leaf::add_product(table, scratch, shared);
  typename Leaf::Sum low = shared;
  Leaf::add_product(table + Leaf::record_words, x + half, low);
  Leaf::add_product(table + 2 * Leaf::record_words, x, shared);
  Leaf::store(low, init, y);
  Leaf::store(shared, init == nullptr ? nullptr : init + half, y + half);
}

template <typename Leaf>
void multiply_tile(const std::uint64_t* table, const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                   std::size_t words, std::uint64_t* scratch) {
  if (words == Leaf::words) return multiply_leaf<Leaf>(table, x, init, y);
  if (words == 2 * Leaf::words) return multiply_pair<Leaf>(table, x, init, y, scratch);
  const std::size_t half = words / 2;
  std::size_t third = Leaf::record_words;  // words of the table one half-size product uses
  for (std::size_t w = Leaf::words; w < half; w *= 2)
    third *= 3;
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
