// SPDX-License-Identifier: Apache-2.0
// Vectors of elements of 128 bits, one in each: the dialect in which every kernel of Target::vector128 is written, once
// for all processors. Included between LIGHTSEED_BEGIN_TARGET(LIGHTSEED_VECTOR128) and LIGHTSEED_END_TARGET, inside an
// unnamed namespace; therefore no include guard and no includes.
//
// `Vector` offers the type of a vector, loads and stores, sums, moves by a word, and product<select>(a, b): the
// carry-less product of one word of each, bit 0 of `select` for `a` and bit 4 for `b`. The vectors of two and four
// elements, carryless_256-inl.h and carryless_512-inl.h, offer those that the kernels over any vector need.

#if defined(__x86_64__)
#include "gf2/carryless_pclmul-inl.h"
#else
#include "gf2/carryless_pmull-inl.h"
#endif
