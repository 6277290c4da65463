// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/json.h"
#include "core/provenance.h"
#include "core/sample_format.h"
#include "evidence/min_entropy.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// What a source says of itself. Everything here ends up in side-cars and certificates, so it holds no secret.
struct SourceInfo {
  std::string uri;       ///< canonical URI that opens the same source again
  std::string driver;    ///< registered name, e.g. "sim:homodyne"
  std::string model;     ///< what it is, in words: device name or photon model
  std::string serial;    ///< device serial number; empty where there is none
  std::string firmware;  ///< device firmware version; empty where there is none
  Provenance provenance = Provenance::simulated;
  SampleFormat format;
  MinEntropy claim;                  ///< per sample; the stream may use less, never more
  double nominal_rate = 0;           ///< samples per second the device delivers; 0: as fast as it is read
  Json parameters = Json::object();  ///< model parameters, seed, identity strings: whatever reproduces it
};

Json to_json(const SourceInfo& info);

/// Takes the members of a SourceInfo from an object that may have others too; the caller ends with finish().
/// Throws Error(malformed) naming the member that is missing or wrong.
SourceInfo take_source_info(ObjectReader& reader);

}  // namespace lightseed
