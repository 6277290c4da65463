// SPDX-License-Identifier: Apache-2.0
#include "gf2/additive_fft/word_tables.h"

#include "gf2/gf128.h"

namespace lightseed::additive_fft {
namespace {

/// beta_0 … beta_15 with beta_0 = 1 and beta_i^2 + beta_i = beta_(i-1). Any beta_15 of the subfield GF(2^16) whose
/// absolute trace is 1 leads there, since y -> y^2 + y taken fifteen times is that trace. A trace from GF(2^128) gives
/// elements of the subfield.
std::vector<Gf128> cantor_basis() {
  std::vector<Gf128> basis(16);
  for (Gf128 start{2, 0}; basis[0] != Gf128{1, 0}; start = start * Gf128{2, 0}) {
    Gf128 power = start;
    basis[15] = start;
    for (int i = 1; i < 128; ++i) {
      power = power * power;
      if (i % 16 == 0) basis[15] = basis[15] ^ power;
    }
    for (std::size_t i = 15; i > 0; --i)
      basis[i - 1] = basis[i] * basis[i] ^ basis[i];
  }
  return basis;
}

WordTables make_tables() {
  const std::vector<Gf128> basis = cantor_basis();
  WordTables tables;
  for (std::size_t block = 0; block < WordTables::points / 2; ++block) {
    Gf128 c{0, 0};
    for (std::size_t t = 0; t < 11; ++t)
      if ((block >> t & 1) != 0) c = c ^ basis[t + 1];
    const Gf128 up = c * Gf128{0, 1};
    tables.c.insert(tables.c.end(), {c.low, c.high});
    tables.c_up.insert(tables.c_up.end(), {up.low, up.high});
  }
  return tables;
}

}  // namespace

const WordTables& word_tables() {
  static const WordTables all = make_tables();
  return all;
}

}  // namespace lightseed::additive_fft
