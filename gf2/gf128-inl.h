// SPDX-License-Identifier: Apache-2.0
// Products in GF(2^128) by factors known beforehand, over one vector type. Included behind carryless_*-inl.h, between
// LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard and no
// includes.

/// Factors c, and c z^64.
template <typename V>
struct Factor {
  typename V::type c, up;
};

/// u + c v. With v = v0 + v1 z^64, c v is c v0 + (c z^64) v1: two products by a word each, and only the topmost word of
/// their sum is left to fold.
template <typename V>
typename V::type add_product(typename V::type u, typename V::type v, const Factor<V>& f) noexcept {
  const auto low = V::add3(u, V::template product<0x00>(f.c, v), V::template product<0x10>(f.up, v));
  const auto high = V::add(V::template product<0x01>(f.c, v), V::template product<0x11>(f.up, v));
  return V::add3(low, V::up(high), V::template product<0x01>(high, V::both_words(0x87)));
}
