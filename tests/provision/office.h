// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "driver/registry.h"
#include "driver/simulated/models.h"
#include "provision/issue.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

namespace lightseed::test {

/// A provisioning office: keys, an order of three SIMs, a ledger.
class Office {
 public:
  Office() {
    for (const char* const name : {"signer", "perso", "auc"})
      make_certificate(scratch_.path(), {.name = name});
    std::ofstream(scratch_ / "order.csv")
        << "iccid,imsi\n8988211000000000011,001010000000001\n"
           "8988211000000000029,001010000000002\n89882110000000000333,001010000000003\n";
  }

  [[nodiscard]] IssueRequest request(const std::string& order_id = "o1", const char* directory = "out") const {
    const std::time_t now = std::time(nullptr);
    return {.order = read_order(scratch_ / "order.csv", order_id),
            .keys_per_sim = 10,
            .key_bytes = 16,
            .outlets = {{"card", Recipient::read(file("perso.crt"), now)},
                        {"network", Recipient::read(file("auc.crt"), now)}},
            .signer = Signer(file("signer.crt"), file("signer.key"), now),
            .ledger = scratch_ / "ledger.db",
            .directory = scratch_ / directory};
  }

  /// Its measurement is the test's word: most tests are about what comes after it.
  [[nodiscard]] static IssueServices services(const std::string& uri = "sim:homodyne?seed=1") {
    IssueServices services;
    services.open_source = [uri] {
      SourceRegistry sources;
      simulated::add_models(sources);
      return sources.open(uri);
    };
    services.assess = [](std::span<const std::byte>, const SampleFormat&) {
      return MinEntropy{.bits_per_sample = 6.2,
                        .basis = MinEntropy::Basis::measured,
                        .method = "given by the test",
                        .assumptions = {}};
    };
    return services;
  }

  /// Whoever opens the source has gone too far.
  [[nodiscard]] static IssueServices no_source() {
    IssueServices services = Office::services();
    services.open_source = []() -> std::unique_ptr<Source> { throw Error(Category::device, "the source was opened"); };
    return services;
  }

  [[nodiscard]] std::string file(const std::string& name) const { return (scratch_.path() / name).string(); }
  [[nodiscard]] std::filesystem::path path(const char* name) const { return scratch_ / name; }
  [[nodiscard]] std::vector<std::filesystem::path> entries(const char* directory) const {
    std::vector<std::filesystem::path> all;
    for (const auto& entry : std::filesystem::directory_iterator(scratch_ / directory))
      all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  }
  /// No hidden directory of an unfinished batch is left.
  [[nodiscard]] bool is_tidy() const {
    return std::none_of(std::filesystem::directory_iterator(scratch_.path()), std::filesystem::directory_iterator(),
                        [](const auto& entry) { return entry.path().filename().string().starts_with("."); });
  }

 private:
  Scratch scratch_;
};

/// How issuing fails; it must, and say these words.
inline Category failure_of(const IssueRequest& request, const IssueServices& services, const char* words = "") {
  try {
    (void)issue(request, services);
  } catch (const Error& e) {
    CHECK_THAT(e.what(), Catch::Contains(words));
    return e.category();
  }
  FAIL("it was issued");
  return Category::usage;
}

}  // namespace lightseed::test
