// SPDX-License-Identifier: Apache-2.0
#include "driver/assessed_claim.h"
#include "cli/exit_code.h"
#include "core/hex.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "crypto/digest.h"
#include "driver/devices/quantis/quantis.h"
#include "tests/driver/proof_seam.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/quantis/emulated_quantis.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// An emulated Quantis, and what an assessment of it would be.
class Bench {
 public:
  explicit Bench(const EmulatedQuantis::Options& options = {}) {
    port_.plug(std::make_shared<EmulatedQuantis>(options));
    file_ = {{"schema", "lightseed/assess/v1"},
             {"version", "0"},
             {"assessment",
              {{"file", "raw.bin"},
               {"sha256", std::string(64, 'a')},
               {"track", "non-iid"},
               {"samples", 1'000'000},
               {"bits", 8},
               {"complete", true},
               {"h_original", 7.5},
               {"h_bitstring", 0.9},
               {"min_entropy", 7.2},
               {"source", to_json(open("usb:quantis")->info())}}}};
  }

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& uri) {
    DeviceKind kind = quantis_kind();
    kind.check_assessment = check;
    return open_usb_source(kind, SourceUri::parse(uri), port_.opener(), patient());
  }

  /// How its assessment is checked: a test's JSON has no estimators.
  AssessmentCheck check = [](const Json&) { return std::vector<std::string>{}; };

  [[nodiscard]] Json& assessment() { return file_["assessment"]; }
  [[nodiscard]] Json& file() { return file_; }
  [[nodiscard]] std::string path() const { return scratch_ / "assessment.json"; }

  void write(const std::string& text) const { std::ofstream(path()) << text; }

  [[nodiscard]] std::unique_ptr<Source> open_assessed(const std::string& more = "") {
    write(file_.dump());
    return open("usb:quantis?assessment=" + path() + more);
  }

  /// What is said when it is refused, with the exit code in front.
  [[nodiscard]] std::string refusal(const std::string& more = "") {
    try {
      (void)open_assessed(more);
    } catch (const Error& error) {
      return std::to_string(cli::exit_code(error.category())) + ": " + error.what();
    }
    return "accepted";
  }

 private:
  test::Scratch scratch_;
  Port port_;
  Json file_;
};

}  // namespace

TEST_CASE("A unit's assessment is its claim, and its digest goes into the evidence") {
  Bench bench;
  const auto source = bench.open_assessed();
  const MinEntropy& claim = source->info().claim;
  CHECK(claim.bits_per_sample == 7.2);
  CHECK(claim.basis == MinEntropy::Basis::measured);
  CHECK(claim.details.at("assessment_sha256") == hex(sha256_of_file(bench.path())));
  CHECK(claim.details.at("raw_sha256") == std::string(64, 'a'));
  CHECK(claim.details.at("samples") == 1'000'000);
  CHECK(source->info().provenance == Provenance::simulated);  // as without it
  CHECK(source->info().uri == "usb:quantis/EMU0001?assessment=" + bench.path());
}

TEST_CASE("A low assessment lowers the claim") {
  Bench bench;
  bench.assessment()["min_entropy"] = 0.25;
  CHECK(bench.open_assessed()->info().claim.bits_per_sample == 0.25);
}

TEST_CASE("The assessment of anything else is refused, and the member that differs is named") {
  Bench bench;
  Json& source = bench.assessment()["source"];
  const auto refused = [&](const char* words) { CHECK_THAT(bench.refusal(), StartsWith("7: ") && Contains(words)); };
  SECTION("another unit") {
    source["serial"] = "EMU0002";
    refused("its serial was 'EMU0002', and that of usb:quantis/EMU0001");
  }
  SECTION("another kind") {
    source["driver"] = "usb:chaoskey";
    refused("its driver was 'usb:chaoskey'");
  }
  SECTION("other firmware") {
    source["firmware"] = "board 12";
    refused("its firmware was 'board 12'");
  }
  SECTION("real hardware, when this is emulated") {
    source["provenance"] = "hardware";
    refused("its provenance was 'hardware', and that of");
  }
  SECTION("another format") {
    source["format"]["bits"] = 4;
    refused("its sample format was");
  }
  SECTION("other settings") {
    source["parameters"]["modules"] = 3;
    refused("its settings was");
  }
  SECTION("the same unit plugged in elsewhere is the same unit") {
    source["parameters"]["usb"]["node"] = "/dev/bus/usb/009/099";
    CHECK(bench.refusal() == "accepted");
  }
}

TEST_CASE("An emulated device's assessment is none of real hardware's") {
  const ProofBy proof(believe_all);
  Bench bench({.product = "Quantis USB"});
  CHECK(bench.open_assessed()->info().provenance == Provenance::hardware);
  bench.assessment()["source"]["provenance"] = "simulated";
  CHECK_THAT(bench.refusal(), StartsWith("7: ") && Contains("its provenance was 'simulated'"));
}

TEST_CASE("An assessment whose figures do not fit, or that nobody can check, supports no claim") {
  Bench bench;
  bench.check = [](const Json&) { return std::vector<std::string>{"mcv: 7.9 bits do not follow from its counts"}; };
  CHECK_THAT(bench.refusal(), StartsWith("7: ") && Contains("mcv: 7.9 bits do not follow"));
  bench.check = nullptr;
  CHECK_THAT(bench.refusal(), StartsWith("7: ") && Contains("cannot recompute"));
}

TEST_CASE("A unit without a serial number cannot be the one that was assessed") {
  Bench bench({.serial = std::nullopt});
  CHECK_THAT(bench.refusal(), StartsWith("7: ") && Contains("has no serial number"));
}

TEST_CASE("An assessment that proves too little supports no claim") {
  Bench bench;
  Json& assessment = bench.assessment();
  const auto refused = [&](const char* words) {
    CHECK_THAT(bench.refusal(), StartsWith("7: ") && Contains("supports no claim") && Contains(words));
  };
  SECTION("too few samples") {
    assessment["samples"] = 999'999;
    refused("999999 samples");
  }
  SECTION("a screen") {
    assessment["complete"] = false;
    refused("estimators were left out");
  }
  SECTION("the IID track") {
    assessment["track"] = "iid";
    refused("non-IID");
  }
  SECTION("conditioned output") {
    assessment["h_original"] = nullptr;
    refused("raw samples");
  }
  SECTION("no side-car") {
    assessment.erase("source");
    refused("side-car");
  }
}

TEST_CASE("What is no assessment is said to be none") {
  Bench bench;
  const auto malformed = [&](const char* words) { CHECK_THAT(bench.refusal(), StartsWith("4: ") && Contains(words)); };
  SECTION("another schema") {
    bench.file()["schema"] = "lightseed/assess/v2";
    malformed("is not the JSON of an assessment");
  }
  SECTION("several files") {
    bench.file().erase("assessment");
    malformed("of one file");
  }
  SECTION("more bits than a sample has") {
    bench.assessment()["min_entropy"] = 8.5;
    malformed("8.5 bits");
  }
  SECTION("fewer than none") {
    bench.assessment()["min_entropy"] = -1;
    malformed("-1 bits");
  }
  SECTION("a claim to more bits than it counts") {
    bench.assessment()["bits"] = 12;
    bench.assessment()["min_entropy"] = 9;
    CHECK_THAT(bench.refusal(), StartsWith("7: ") && Contains("more than a sample of 8 has"));
  }
  SECTION("each member missing or of another type") {
    const Json whole = bench.file();
    for (const char* path :
         {"/assessment/samples", "/assessment/bits", "/assessment/min_entropy", "/assessment/sha256",
          "/assessment/complete", "/assessment/source/serial", "/assessment/source/format", "/assessment/source/driver",
          "/assessment/source/parameters", "/assessment/source/provenance", "/assessment/source/firmware"}) {
      const Json::json_pointer pointer(path);
      for (const Json& wrong : {Json(nullptr), Json::array({1}), Json::object()}) {
        bench.file() = whole;
        bench.file()[pointer] = wrong;
        INFO(path << " " << wrong);
        const std::string said = bench.refusal();
        // No parameters at all are well-formed, and those of another device.
        CHECK((said.starts_with("4: ") || (std::string(path).ends_with("parameters") && said.starts_with("7: "))));
      }
    }
  }
  SECTION("cut off anywhere") {
    const std::string text = bench.file().dump();
    for (std::size_t size = 0; size < text.size(); size += 7) {
      bench.write(text.substr(0, size));
      CHECK(category_of([&] { (void)bench.open("usb:quantis?assessment=" + bench.path()); }) == Category::io);
    }
  }
  SECTION("no file") {
    CHECK(category_of([&] { (void)bench.open("usb:quantis?assessment=" + bench.path() + ".not"); }) == Category::io);
  }
}

TEST_CASE("A stated claim and an assessed one do not go together") {
  Bench bench;
  CHECK_THAT(bench.refusal("&entropy=7"), StartsWith("2: ") && Contains("choose"));
}
