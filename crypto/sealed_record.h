// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/error.h"
#include "crypto/dsse.h"
#include "evidence/object_reader.h"
#include "evidence/record_text.h"

namespace lightseed {

/// A record that somebody signed: its record_text() in a DSSE envelope with one signature of ECDSA P-384.
template <typename Record>
struct SealedRecord {
  Record record;
  std::string signer;  ///< subject of the certificate
};

/// What is to be known of a kind of sealed record.
template <typename Record>
struct SealedKind {
  std::string_view payload_type;
  std::string_view name;                ///< "the receipt"
  std::size_t largest;                  ///< bytes of the envelope
  Record (*read)(ObjectReader reader);  ///< takes all members
  std::string Record::*moment;          ///< when it was signed, RFC 3339
};

/// Opens one that `trust` signed, or somebody it vouches for, who was allowed to at its moment. The text must be, byte
/// for byte, the one that is written for this record and signature. Throws Error(verdict) or Error(malformed) that says
/// what is wrong.
template <typename Record>
SealedRecord<Record> unseal_record(const SealedKind<Record>& kind, std::string_view text, const TrustAnchor& trust) {
  const Unsealed unsealed = unseal(kind.payload_type, text, trust, {.most_bytes = kind.largest, .what = kind.name});
  const Json json = parse_json(unsealed.body, kind.name, {.bytes = kind.largest});
  Record record = kind.read(ObjectReader(json, ""));
  const auto moment = moment_from(record.*kind.moment);
  if (!moment) throw Error(Category::verdict, "its moment is none");
  if (!unsealed.canonical || !unsealed.further.empty() || record_text(record) != unsealed.body)
    throw Error(Category::verdict, "it is not the text that Lightseed writes");
  trust.judge(unsealed.signer, *moment);
  return {.record = std::move(record), .signer = unsealed.signer.subject()};
}

}  // namespace lightseed
