// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/collision.h"

#include <cmath>

#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {

void CollisionCount::add(const BitString& piece) {
  const std::size_t n = piece.size();
  std::size_t i = 0;
  const auto step = [&] {
    const bool bit = piece[i++];
    if (waiting_ == 0) {
      waiting_for_ = bit;
      waiting_ = 1;
    } else if (waiting_ == 1 && bit != waiting_for_) {
      waiting_ = 2;
    } else {
      // Two equal bits collide at once, else the third repeats one of them.
      sum_ += waiting_ + 1;
      ++collisions_;
      waiting_ = 0;
    }
  };
  while (i < n && waiting_ != 0)
    step();
  // 56 bits hold 18 waits or more.
  while (i + 64 <= n) {
    std::uint64_t differ = piece.window(i) ^ piece.window(i) >> 1;
    for (unsigned used = 0; used < 56;) {
      const auto wait = static_cast<unsigned>(2 + (differ & 1));
      sum_ += wait;
      ++collisions_;
      differ >>= wait;
      used += wait;
      i += wait;
    }
  }
  while (i < n)
    step();
}

Collision CollisionCount::result() const {
  return collision(collisions_, sum_);
}

Collision collision(const BitString& bits) {
  CollisionCount count;
  count.add(bits);
  return count.result();
}

Collision collision(std::uint64_t collisions, std::uint64_t total) {
  Collision result;
  result.collisions = collisions;
  result.sum = total;
  const std::uint64_t threes = total - 2 * collisions;
  const auto v = static_cast<double>(collisions);
  const auto sum = static_cast<double>(total);
  const auto squares = static_cast<double>(4 * (collisions - threes) + 9 * threes);
  result.mean = sum / v;
  result.sigma = std::sqrt((squares - sum * result.mean) / (v - 1));
  result.mean_bound = std::max(2.0, result.mean - static_cast<double>(z_alpha) * result.sigma / std::sqrt(v));
  // Step 7 solves X' = -2p^2 + 2p + 2 in the end; above 2.5 it has no root and the entropy is full.
  if (result.mean_bound < 2.5) {
    result.p = 0.5 + std::sqrt(1.25 - 0.5 * result.mean_bound);
    result.min_entropy = min_entropy_of(result.p);
  }
  return result;
}

Estimate estimate_of(const Collision& x) {
  return {.id = "collision",
          .min_entropy = x.min_entropy,
          .numbers = {{"v", x.collisions},
                      {"sum_t", x.sum},
                      {"mean", x.mean},
                      {"sigma", x.sigma},
                      {"mean_bound", x.mean_bound},
                      {"p", x.p}}};
}

Estimator collision_estimator() {
  return {.id = "collision",
          .clause = "6.3.2",
          .looks_for = "bits that repeat too soon, as unbalanced bits do",
          .least = 5,
          .bits_only = true,
          .run = [](const ViewedData& data, const Rules&) { return estimate_of(collision(data.bits())); },
          .recompute = [](const Estimate& stated, const ViewShape& shape) -> std::optional<Estimate> {
            const auto waits = stated.count("v");
            const auto bits = stated.count("sum_t");
            // Each wait takes two or three bits, and fewer than three are left over.
            if (!waits || !bits || *waits < 2 || *waits > shape.length || *bits < 2 * *waits || *bits > 3 * *waits ||
                *bits > shape.length || shape.length - *bits > 2)
              return std::nullopt;
            return estimate_of(collision(*waits, *bits));
          },
          .one_pass = &CountedBits<CollisionCount>::make};
}

}  // namespace lightseed::sp800_90b
