#include "entropy/account.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

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
  EpsilonAccount tight(-10.5);
  CHECK(category_of([&] { tight.charge(-10.5, 1); }) == Category::refused);  // cannot be proved to fit
  tight.charge(-10.5000001, 1);
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

TEST_CASE("a verifier recomputes the account from its JSON") {
  EpsilonAccount account(-64);
  CHECK(to_json(account).at("total_log2").is_null());
  account.charge(-100, 123456);
  account.charge(-90.5, 7);
  account.charge_seed(-85);
  const Json json = Json::parse(to_json(account).dump());
  CHECK(to_json(epsilon_account_from(json)) == json);

  Json lying = json;
  lying["total_log2"] = -70;
  CHECK(category_of([&] { epsilon_account_from(lying); }) == Category::verdict);
  lying = json;
  lying["blocks"] = 1;
  CHECK(category_of([&] { epsilon_account_from(lying); }) == Category::verdict);
  lying = json;
  lying["limit_log2"] = -84;
  CHECK(category_of([&] { epsilon_account_from(lying); }) == Category::refused);
  lying = json;
  lying["charges"][0].erase("count");
  CHECK(category_of([&] { epsilon_account_from(lying); }) == Category::usage);
  lying = json;
  lying["charges"][0]["what"] = "gifts";
  CHECK(category_of([&] { epsilon_account_from(lying); }) == Category::usage);
}
