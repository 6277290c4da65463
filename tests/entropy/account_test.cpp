// SPDX-License-Identifier: Apache-2.0
#include "entropy/account.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>

#include "core/error.h"
#include "tests/category_of.h"

using namespace lightseed;

using test::category_of;

TEST_CASE("powers of two add up exactly, to the last block the limit allows") {
  EpsilonAccount account(-64);
  account.charge(-100, std::uint64_t{1} << 35);
  CHECK(account.total_log2() == -65);
  account.charge(-66, 1);
  account.charge(-100, (std::uint64_t{1} << 34) - 1);
  CHECK(account.total_log2() <= -64);
  account.charge(-100, 1);
  CHECK(account.total_log2() == -64);
  CHECK(account.blocks() == (std::uint64_t{1} << 35) + (std::uint64_t{1} << 34) + 1);
  CHECK(category_of([&] { account.charge(-4000, 1); }) == Category::refused);
  CHECK(account.total_log2() == -64);
}

TEST_CASE("a refusal shows the arithmetic and changes nothing") {
  EpsilonAccount account(-64);
  account.charge(-70, 3);
  try {
    account.charge(-70, 62);
    FAIL("62 + 3 blocks of 2^-70 were let through");
  } catch (const Error& e) {
    CHECK(std::string(e.what()).find("62 x 2^-70 would pass its limit of 2^-64") != std::string::npos);
  }
  CHECK(account.blocks() == 3);
  account.charge(-70, 61);
  CHECK(account.total_log2() == -64);
}

TEST_CASE("other logarithms are rounded up, never down") {
  EpsilonAccount account(0);
  double exact = 0;
  for (const double log2 : {-0.5 - 3, -7.25, -2.0 / 3 - 5, -11.1}) {
    account.charge(log2, 3);
    exact += 3 * std::exp2(log2);
    CHECK(account.total_log2() >= std::log2(exact));
    CHECK(account.total_log2() == Approx(std::log2(exact)).epsilon(1e-13));
  }
}

TEST_CASE("a promise of one block is kept, whatever its epsilon; so is one of any number of equal shares") {
  for (const double limit : {-64.0, -64.5, std::log2(1e-20), -0.3, -10.5, -3999.9, std::nextafter(-64, -65)}) {
    CAPTURE(limit);
    EpsilonAccount one(limit);
    one.charge(limit, 1);
    CHECK(one.total_log2() == limit);
    CHECK(category_of([&] { one.charge(-4000, 1); }) == Category::refused);
    if (limit < -3900) continue;
    const double share = std::ldexp(std::floor(std::ldexp(limit, 20)), -20);  // steps from it are exact
    EpsilonAccount many(share);
    many.charge(share - 20, (std::uint64_t{1} << 20) - 1);
    CHECK(many.total_log2() < share);
    many.charge(share - 21, 2);
    CHECK(many.total_log2() == share);
    CHECK(category_of([&] { many.charge(share - 40, 1); }) == Category::refused);
  }
}

TEST_CASE("what is left beside shares of the limit is given to other charges, and no more") {
  EpsilonAccount account(-10.5);
  account.charge(-11.5, 1);
  account.charge(-11.5000001, 1);
  CHECK(category_of([&] { account.charge(-11.5, 1); }) == Category::refused);
  EpsilonAccount full(-10.5);
  full.charge(-11.5, 1);
  CHECK(category_of([&] { full.charge(std::nextafter(-11.5, 0), 1); }) == Category::refused);
}

TEST_CASE("sums that would overflow are refused, not wrapped") {
  EpsilonAccount account(0);
  CHECK(category_of([&] { account.charge(0, ~std::uint64_t{0}); }) == Category::refused);
  CHECK(category_of([&] { account.charge(-0.01, ~std::uint64_t{0}); }) == Category::refused);
  CHECK(account.blocks() == 0);
  account.charge(-4000, ~std::uint64_t{0});
  CHECK(account.total_log2() == Approx(-3936));
  CHECK(category_of([&] { account.charge(-3999, 1); }) == Category::refused);
}

TEST_CASE("an imperfect seed is charged once for the blocks it serves") {
  EpsilonAccount account(-64);
  account.charge(-100, 1000);
  account.charge_seed(-80);
  CHECK(account.blocks() == 1000);
  CHECK(account.charges().size() == 2);
  CHECK(account.total_log2() == Approx(std::log2(1000 * std::exp2(-100) + std::exp2(-80))));
}

TEST_CASE("nonsense limits and epsilons are usage errors") {
  CHECK(category_of([] { EpsilonAccount account(1); }) == Category::usage);
  CHECK(category_of([] { EpsilonAccount account(std::nan("")); }) == Category::usage);
  EpsilonAccount account(-64);
  CHECK(category_of([&] { account.charge(0.5, 1); }) == Category::usage);
  CHECK(category_of([&] { account.charge(-5000, 1); }) == Category::usage);
}

TEST_CASE("a verifier adds the account up again") {
  EpsilonAccount account(-64);
  CHECK_FALSE(account.record().total_log2);
  account.charge(-100, 123456);
  account.charge(-90.5, 7);
  account.charge_seed(-85);
  const EpsilonRecord honest = account.record();
  CHECK(account_from(honest).record() == honest);
  CHECK(honest.charges.size() == 3);

  EpsilonRecord lying = honest;
  lying.total_log2 = -70;
  CHECK(category_of([&] { static_cast<void>(account_from(lying)); }) == Category::verdict);
  lying.total_log2.reset();
  CHECK(category_of([&] { static_cast<void>(account_from(lying)); }) == Category::verdict);
  lying = honest;
  lying.blocks = 1;
  CHECK(category_of([&] { static_cast<void>(account_from(lying)); }) == Category::verdict);
  lying = honest;
  lying.limit_log2 = -84;
  CHECK(category_of([&] { static_cast<void>(account_from(lying)); }) == Category::refused);
  lying = honest;
  lying.charges.pop_back();
  CHECK(category_of([&] { static_cast<void>(account_from(lying)); }) == Category::verdict);
  lying = honest;
  lying.charges[0].log2_epsilon = 1;
  CHECK(category_of([&] { static_cast<void>(account_from(lying)); }) == Category::usage);
}

TEST_CASE("what fits is never refused and what does not fit always is, in 1,500 random accounts") {
  // Shares of the limit are powers of two, or multiples of 1/1024 in the exponent; a long double adds them up.
  std::mt19937_64 engine(101);
  const auto between = [&](std::uint64_t least, std::uint64_t most) { return least + engine() % (most - least + 1); };
  int refused = 0;
  int filled = 0;
  for (int round = 0; round < 1500; ++round) {
    const double limit = -static_cast<double>(between(1, 200 * 1024)) / 1024;
    EpsilonAccount account(limit);
    long double used = 0;  // of the limit
    bool exact = true;     // all of it powers of two
    for (std::uint64_t i = between(1, 12); i > 0; --i) {
      const bool whole = between(0, 2) != 0;
      const double below = whole ? static_cast<double>(between(0, 30)) : static_cast<double>(between(0, 30720)) / 1024;
      const long double one = std::exp2(-static_cast<long double>(below));
      const auto count = between(1, static_cast<std::uint64_t>(1 / one));
      const long double after = used + one * static_cast<long double>(count);
      const bool exact_after = exact && below == std::floor(below);
      INFO("round " << round << ": " << count << " x 2^" << limit - below << " on 2^" << limit);
      bool fits = true;
      try {
        account.charge(limit - below, count);
      } catch (const Error& e) {
        REQUIRE(e.category() == Category::refused);
        fits = false;
      }
      if (after > 1 + 0x1p-56L) REQUIRE_FALSE(fits);
      if (after <= 1 - (exact_after ? 0 : 0x1p-48L)) REQUIRE(fits);
      refused += fits ? 0 : 1;
      filled += fits && after == 1 ? 1 : 0;
      if (!fits) continue;
      used = after;
      exact = exact_after;
    }
  }
  CHECK(refused > 1000);
  CHECK(filled > 50);
}

TEST_CASE("charged one by one or at once, an account is the same, to the last charge that fits") {
  struct Case {
    double limit, each, other;
  };
  // Shares of the limit and others; the charge of another kind comes in the middle.
  for (const Case& one : {Case{-64, -77, -80}, Case{-64, -77.3, -80}, Case{-64.5, -77.25, -79.1},
                          Case{-0.3, -13.3, -20}, Case{-3900.5, -3913.5, -3990}, Case{-2, -15, -15}}) {
    CAPTURE(one.limit, one.each, one.other);
    const auto takes = [&](EpsilonAccount& account, std::uint64_t count) {
      try {
        account.charge(one.each, count);
        return true;
      } catch (const Error&) {
        return false;
      }
    };
    // How many fit beside it, found with whole sums.
    std::uint64_t fits = 0;
    for (std::uint64_t step = std::uint64_t{1} << 20; step > 0; step /= 2) {
      EpsilonAccount at_once(one.limit);
      at_once.charge_seed(one.other);
      if (takes(at_once, fits + step)) fits += step;
    }
    REQUIRE(fits > 4000);
    EpsilonAccount by_steps(one.limit);
    for (std::uint64_t i = 0; i < fits; ++i) {
      if (i == 1000) by_steps.charge_seed(one.other);
      by_steps.charge(one.each, 1);
      if (i != 0 && i != 999 && i != 1000 && i != 4100 && i + 1 != fits) continue;
      EpsilonAccount at_once(one.limit);
      at_once.charge(one.each, i + 1);
      if (i >= 1000) at_once.charge_seed(one.other);
      REQUIRE(by_steps.record() == at_once.record());
    }
    CHECK_FALSE(takes(by_steps, 1));
    CHECK(by_steps.blocks() == fits);
  }
}

TEST_CASE("nothing can be charged: at first, between others, and by a record") {
  EpsilonAccount account(-64);
  account.charge(-80, 0);
  CHECK(account.blocks() == 0);
  CHECK(std::isinf(account.total_log2()));
  account.charge(-70, 3);
  account.charge(-70, 0);
  account.charge_seed(-70, 0);
  account.charge(-80, 0);
  CHECK(account.blocks() == 3);
  CHECK(account_from(account.record()).record() == account.record());
  EpsilonRecord none = EpsilonAccount(-64).record();
  none.charges.push_back({EpsilonRecord::Charge::What::blocks, -80, 0});
  CHECK(account_from(none).blocks() == 0);
}
