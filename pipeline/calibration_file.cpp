// SPDX-License-Identifier: Apache-2.0
#include "pipeline/calibration_file.h"

#include <fmt/format.h>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "evidence/json_text.h"
#include "evidence/record_text.h"
#include "evidence/sample_format_json.h"
#include "stats/calibration/conclusion.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20;

/// A text that begins as seal() begins one; a record begins with its schema.
bool is_envelope(std::string_view text) {
  return text.substr(0, 64).find("\"payload\"") != std::string_view::npos;
}

CalibrationRecord record_from(const std::string& body) {
  const Json json = parse_json(body, "the calibration", {.bytes = largest_file});
  return calibration_record_from(ObjectReader(json, ""));
}

std::time_t moment_of(const Calibration& calibration, const std::string& text) {
  if (const auto moment = moment_from(text)) return *moment;
  throw Error(Category::io, fmt::format("{}: {:.40} is no time", calibration.path, text));
}

void open_signed(Calibration& calibration, const std::string& text, const TrustAnchor& trust) {
  const Unsealed envelope =
      unseal(calibration_payload_type, text, trust, {.most_bytes = 2 * largest_file, .what = "the calibration"});
  calibration.record = record_from(envelope.body);
  if (!envelope.canonical || !envelope.further.empty())
    throw Error(Category::verdict, "its envelope is not as it is written");
  trust.judge(envelope.signer, moment_of(calibration, calibration.record.created));
  calibration.signer = envelope.signer.subject();
}

}  // namespace

std::string calibration_text(const CalibrationRecord& record, const Signer* signer) {
  const std::string body = record_text(record);
  return signer == nullptr ? body : seal(calibration_payload_type, body, *signer);
}

Calibration read_calibration(const std::filesystem::path& path, const std::optional<TrustAnchor>& trust) {
  const std::string text = read_text_file(path, 2 * largest_file);
  Calibration calibration{
      .path = path.string(), .sha256 = hex(sha256(bytes_of(text))), .record = {}, .signer = "nobody"};
  try {
    if (is_envelope(text) && trust) {
      open_signed(calibration, text, *trust);
    } else if (is_envelope(text)) {
      throw Error(Category::refused, "it is signed, and nothing says whose signature counts");
    } else {
      calibration.record = record_from(text);
      if (trust) throw Error(Category::verdict, "it has no signature, and one was wanted");
      if (calibration.record.device.provenance != Provenance::simulated)
        throw Error(Category::refused, "nobody has signed it, and it is of a real unit");
    }
  } catch (const Error& error) {
    const Category category = error.category() == Category::malformed ? Category::io : error.category();
    throw Error(category, fmt::format("calibration {}: {}; nothing may be claimed by it", path.string(), error.what()));
  }
  const CalibrationRecord& record = calibration.record;
  auto faults = calibration::faults_of(record);
  if (faults.empty() &&
      moment_of(calibration, record.valid_until) - moment_of(calibration, record.created) > longest_validity.count())
    faults.emplace_back("it says to be valid for more than a year");
  if (!faults.empty()) {
    throw Error(Category::verdict, fmt::format("calibration {} was altered: {}; nothing may be claimed by it",
                                               path.string(), faults.front()));
  }
  return calibration;
}

void require_calibration_of(const Calibration& calibration, const CalibratedDevice& unit, const std::string& uri,
                            std::time_t now) {
  const CalibrationRecord& record = calibration.record;
  const auto refuse = [&](const std::string& why) {
    throw Error(Category::refused,
                fmt::format("calibration {}: {}; {} may claim nothing by it", calibration.path, why, uri));
  };
  const auto require_same = [&](const char* what, std::string_view then, std::string_view here) {
    if (then != here) refuse(fmt::format("it is of another unit: its {} was '{}', and is '{}'", what, then, here));
  };
  const CalibratedDevice& then = record.device;
  require_same("driver", then.driver, unit.driver);
  require_same("model", then.model, unit.model);
  require_same("serial", then.serial, unit.serial);
  require_same("firmware", then.firmware, unit.firmware);
  require_same("provenance", name_of(then.provenance), name_of(unit.provenance));
  require_same("sample format", to_json(then.format).dump(), to_json(unit.format).dump());
  if (then.settings != unit.settings) {
    for (const auto& [name, value] : unit.settings.items()) {
      if (!then.settings.contains(name) || then.settings[name] != value) {
        refuse(fmt::format("the unit was set in another way: {} was {}, and is {}", name,
                           then.settings.contains(name) ? then.settings[name].dump() : "not said", value.dump()));
      }
    }
    refuse("the unit was set in another way");
  }
  if (moment_of(calibration, record.created) > now)
    refuse(fmt::format("it was made at {}, and now it is {}: a clock is wrong", record.created, utc_text(now)));
  if (moment_of(calibration, record.valid_until) <= now)
    refuse(fmt::format("it has expired: it was valid until {}; calibrate the unit again", record.valid_until));
}

}  // namespace lightseed
