// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "provision/ledger/states.h"

namespace lightseed {

/// One thing that was done to a ledger. Events are numbered from 1 without a gap, and each holds the digest of the one
/// before it: whoever knows the last digest knows whether anything before it was changed, left out or added.
struct LedgerEvent {
  std::uint64_t sequence = 0;
  std::string moment;           ///< RFC 3339, UTC; as the issuing host's clock had it
  std::string what;             ///< one of event_names
  std::string batch;            ///< UUID; empty for an event of the ledger itself
  std::string subject;          ///< SHA-256 of what it was about, or words; see event_names
  std::uint64_t blocks = 0;     ///< of the batch, so far
  std::string blocks_sha256;    ///< digest of its blocks (BlocksDigest); empty where they were not looked at
  std::string previous_digest;  ///< digest of the event before; 64 zeros for the first
  std::string digest;           ///< digest_of() this event
};

namespace event_names {
inline constexpr std::string_view created = "created";      ///< the ledger; subject: its place
inline constexpr std::string_view migrated = "migrated";    ///< from an older schema; subject: its place
inline constexpr std::string_view moved = "moved";          ///< found in another place; subject: the place
inline constexpr std::string_view restored = "restored";    ///< from an older copy: a new epoch; subject: in words
inline constexpr std::string_view adopted = "adopted";      ///< a batch of an older schema; subject: its state
inline constexpr std::string_view begun = "begun";          ///< subject: digest_of_request()
inline constexpr std::string_view certified = "certified";  ///< subject: SHA-256 of the certificate
inline constexpr std::string_view allotted = "allotted";    ///< subject: digest_of_allotment()
inline constexpr std::string_view issued = "issued";        ///< subject: digest of its files' messages, if any
inline constexpr std::string_view burned = "burned";        ///< subject: why, in words, where it is known
inline constexpr std::string_view released = "released";    ///< subject: SHA-256 of the signed record
inline constexpr std::string_view acknowledged = "acknowledged";  ///< by a side; subject: digest_of_answer(); blocks:
                                                                  ///< the rejected ones, digest: LifeDigest
inline constexpr std::string_view revoked = "revoked";            ///< blocks of a SIM; subject: why; digest: LifeDigest
inline constexpr std::string_view used = "used";            ///< subject: SHA-256 of the report; blocks: ranges of keys
inline constexpr std::string_view alarmed = "alarmed";      ///< keys used twice; subject: SHA-256 of the report
inline constexpr std::string_view destroyed = "destroyed";  ///< subject: SHA-256 of the signed record
}  // namespace event_names

/// The digest of "no event".
inline constexpr std::string_view no_event = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256, in hexadecimal, over a domain name, the ledger's id, the digest before and every field, each written as a
/// netstring ("3:abc,"), numbers in decimals: no two events have the same encoding.
std::string digest_of(const std::string& ledger_id, const LedgerEvent& event);

/// What an order asked for and where its files go, as one digest.
std::string digest_of_request(std::string_view order_id, std::string_view request, std::string_view directory);

/// A reason as an event holds it: at most 500 bytes, and no half of a UTF-8 character at its end.
std::string_view reason_of_event(std::string_view why);

/// Appends a netstring.
void append_netstring(std::string& out, std::string_view field);

}  // namespace lightseed
