// SPDX-License-Identifier: Apache-2.0
#include "driver/assessed_claim.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "evidence/json_text.h"
#include "evidence/object_reader.h"
#include "evidence/sample_format_json.h"

namespace lightseed {
namespace {

constexpr const char* schema = "lightseed/assess/v1";
constexpr std::size_t largest_file = 16 << 20;
constexpr std::uint64_t least_samples = 1'000'000;  // SP 800-90B 3.1.1

/// What a source's samples depend on: its parameters without where it is plugged in, and without what proves who it is.
Json settings_of(Json parameters) {
  parameters.erase("usb");
  parameters.erase("port");
  parameters.erase("proof");
  for (Json& part : parameters)
    if (part.is_object()) part.erase("identity");
  return parameters;
}

}  // namespace

std::optional<AssessedClaim> AssessedClaim::from(SourceUri& uri, const AssessmentCheck& check) {
  const std::string path = uri.take_text("assessment", "");
  if (path.empty()) return std::nullopt;
  if (uri.has("entropy")) {
    throw Error(Category::usage,
                fmt::format("{}: entropy= states a claim and assessment= has one; choose", uri.text()));
  }
  return read(path, check);
}

AssessedClaim AssessedClaim::read(const std::string& path, const AssessmentCheck& check) try {
  const std::string text = read_text_file(path, largest_file);
  AssessedClaim claim;
  claim.path_ = path;
  claim.sha256_ = hex(sha256(std::as_bytes(std::span(text))));
  const Json whole = parse_json(text, "the file", {.bytes = largest_file});
  ObjectReader file(whole, "");
  if (file.text("schema") != schema || !file.has("assessment")) {
    throw Error(Category::io, fmt::format("{} is not the JSON of an assessment of one file", path));
  }
  const Json figures = file.free_object("assessment");
  ObjectReader assessment(figures, "assessment");
  const auto refuse = [&](const std::string& why) {
    throw Error(Category::refused, fmt::format("{} supports no claim: {}", path, why));
  };
  // The IID track assumes what it tests, and conditioned output is no raw sample: neither is the conservative number.
  if (!assessment.has("track") || assessment.text("track") != "non-iid" || !assessment.number_or_null("h_original") ||
      assessment.has("conditioning")) {
    refuse("it is not an assessment of raw samples on the non-IID track");
  }
  if (!assessment.flag("complete")) refuse("estimators were left out");
  claim.samples_ = assessment.count("samples");
  if (claim.samples_ < least_samples) {
    refuse(fmt::format("it rests on {} samples, and SP 800-90B 3.1.1 wants {}", claim.samples_, least_samples));
  }
  if (!assessment.has("source")) {
    refuse(
        "it does not say which device was assessed; assess a file that 'lightseed capture' wrote, its side-car beside "
        "it");
  }
  if (!check) refuse("this program cannot recompute assessments");
  if (const auto faults = check(figures); !faults.empty()) {
    refuse(fmt::format("its figures do not follow from one another: {}", faults.front()));
  }
  ObjectReader source = assessment.object("source");
  claim.unit_ = take_source_info(source);  // other versions may say more of it
  claim.raw_sha256_ = assessment.text("sha256");
  claim.bits_per_sample_ = assessment.number("min_entropy");
  const std::uint64_t width = assessment.count("bits");
  if (claim.bits_per_sample_ < 0 || claim.bits_per_sample_ > static_cast<double>(width)) {
    throw Error(Category::io, fmt::format("{}: a min-entropy of {} bits is none of {}-bit samples", path,
                                          claim.bits_per_sample_, width));
  }
  return claim;
} catch (const Error& e) {
  if (e.category() != Category::malformed) throw;
  throw Error(Category::io, fmt::format("{} is not the JSON of an assessment: {}", path, e.what()));
}

MinEntropy AssessedClaim::claim_for(const SourceInfo& unit) const {
  const auto require = [&](bool same, const char* what, const std::string& assessed, const std::string& here) {
    if (same) return;
    throw Error(Category::refused,
                fmt::format("{} is the assessment of another device: its {} was {}, and that of {} is {}", path_, what,
                            assessed, unit.uri, here));
  };
  const auto require_text = [&](const char* what, std::string_view assessed, std::string_view here) {
    require(assessed == here, what, fmt::format("'{}'", assessed), fmt::format("'{}'", here));
  };
  require_text("driver", unit_.driver, unit.driver);
  if (unit.serial.empty()) {
    throw Error(Category::refused,
                fmt::format("{} has no serial number, so nobody can say that {} is its assessment", unit.uri, path_));
  }
  require_text("serial", unit_.serial, unit.serial);
  require_text("firmware", unit_.firmware, unit.firmware);
  require_text("provenance", name_of(unit_.provenance), name_of(unit.provenance));
  require(unit_.format == unit.format, "sample format", to_json(unit_.format).dump(), to_json(unit.format).dump());
  const Json then = settings_of(unit_.parameters), now = settings_of(unit.parameters);
  require(then == now, "settings", json_text(then), json_text(now));
  if (bits_per_sample_ > unit.format.bits) {
    throw Error(Category::refused,
                fmt::format("{}: {} bits are more than a sample of {} has", path_, bits_per_sample_, unit.format.bits));
  }

  MinEntropy claim;
  claim.bits_per_sample = bits_per_sample_;
  claim.basis = MinEntropy::Basis::measured;
  claim.method = "assessment of a capture of this very unit on the non-IID track of NIST SP 800-90B";
  claim.assumptions = {"the unit's samples are like those it gave for the assessment"};
  claim.details = {{"assessment", path_},
                   {"assessment_sha256", sha256_},
                   {"raw_sha256", raw_sha256_},
                   {"samples", samples_},
                   {"serial", unit.serial}};
  return claim;
}

}  // namespace lightseed
