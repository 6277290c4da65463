#include "driver/assessed_claim.h"

#include <fmt/format.h>

#include <cmath>
#include <span>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "evidence/sample_format_json.h"

namespace lightseed {
namespace {

constexpr const char* schema = "lightseed/assess/v1";
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
  const std::string text = read_text_file(path, 16 << 20);
  AssessedClaim claim;
  claim.path_ = path;
  claim.sha256_ = hex(sha256(std::as_bytes(std::span(text))));
  const Json whole = Json::parse(text);
  if (whole.at("schema") != schema || !whole.contains("assessment")) {
    throw Error(Category::io, fmt::format("{} is not what 'lightseed assess FILE --json' prints for one file", path));
  }
  claim.assessment_ = whole.at("assessment");
  const Json& assessment = claim.assessment_;
  const auto refuse = [&](const std::string& why) {
    throw Error(Category::refused, fmt::format("{} supports no claim: {}", path, why));
  };
  // The IID track assumes what it tests, and conditioned output is no raw sample: neither is the conservative number.
  if (assessment.value("track", "") != "non-iid" || assessment.at("h_original").is_null() ||
      assessment.contains("conditioning")) {
    refuse("it is not an assessment of raw samples on the non-IID track");
  }
  if (!assessment.at("complete").get<bool>()) refuse("estimators were left out");
  if (const auto samples = assessment.at("samples").get<std::uint64_t>(); samples < least_samples) {
    refuse(fmt::format("it rests on {} samples, and SP 800-90B 3.1.1 wants {}", samples, least_samples));
  }
  if (!assessment.contains("source")) {
    refuse(
        "it does not say which device was assessed; assess a file that 'lightseed capture' wrote, its side-car beside "
        "it");
  }
  if (!check) refuse("this program cannot recompute assessments");
  if (const auto faults = check(assessment); !faults.empty()) {
    refuse(fmt::format("its figures do not follow from one another: {}", faults.front()));
  }
  for (const char* member : {"driver", "serial", "firmware", "provenance"})
    (void)assessment.at("source").at(member).get<std::string>();
  (void)sample_format_from({assessment.at("source").at("format"), "source.format"});
  (void)assessment.at("source").at("parameters").get_ref<const Json::object_t&>();
  (void)assessment.at("sha256").get<std::string>();
  claim.bits_per_sample_ = assessment.at("min_entropy").get<double>();
  if (!std::isfinite(claim.bits_per_sample_) || claim.bits_per_sample_ < 0 ||
      claim.bits_per_sample_ > assessment.at("bits").get<double>()) {
    throw Error(Category::io, fmt::format("{}: a min-entropy of {} bits is none of {}-bit samples", path,
                                          claim.bits_per_sample_, assessment.at("bits").dump()));
  }
  return claim;
} catch (const Json::exception& e) {
  throw Error(Category::io, fmt::format("{} is not what 'lightseed assess FILE --json' prints: {}", path, e.what()));
} catch (const Error& e) {
  if (e.category() != Category::malformed) throw;
  throw Error(Category::io, fmt::format("{}: {}", path, e.what()));
}

MinEntropy AssessedClaim::claim_for(const SourceInfo& unit) const {
  const Json& source = assessment_.at("source");
  const auto require = [&](bool same, const char* what, const std::string& assessed, const std::string& here) {
    if (same) return;
    throw Error(Category::refused,
                fmt::format("{} is the assessment of another device: its {} was {}, and that of {} is {}", path_, what,
                            assessed, unit.uri, here));
  };
  const auto text = [&](const char* member) { return source.at(member).get<std::string>(); };
  const auto require_text = [&](const char* member, const std::string& here) {
    require(text(member) == here, member, fmt::format("'{}'", text(member)), fmt::format("'{}'", here));
  };
  require_text("driver", unit.driver);
  if (unit.serial.empty()) {
    throw Error(Category::refused,
                fmt::format("{} has no serial number, so nobody can say that {} is its assessment", unit.uri, path_));
  }
  require_text("serial", unit.serial);
  require_text("firmware", unit.firmware);
  require_text("provenance", std::string(name_of(unit.provenance)));
  require(sample_format_from({source.at("format"), "source.format"}) == unit.format, "sample format",
          source.at("format").dump(), to_json(unit.format).dump());
  const Json then = settings_of(source.at("parameters")), now = settings_of(unit.parameters);
  require(then == now, "settings", then.dump(), now.dump());
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
                   {"raw_sha256", assessment_.at("sha256")},
                   {"samples", assessment_.at("samples")},
                   {"serial", unit.serial}};
  return claim;
}

}  // namespace lightseed
