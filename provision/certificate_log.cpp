// SPDX-License-Identifier: Apache-2.0
#include "provision/certificate_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/merkle.h"
#include "crypto/sealed_record.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_head = std::size_t{1} << 16;

constexpr SealedKind<LogHeadRecord> log_head_kind{.payload_type = log_head_payload_type,
                                                  .name = "the head",
                                                  .largest = largest_head,
                                                  .read = log_head_record_from,
                                                  .moment = &LogHeadRecord::moment};

Sha256Digest hash_from(const std::string& text) {
  return sha256_from_hex(text, "a hash of the log");
}

std::vector<Sha256Digest> hashes_from(std::span<const std::string> texts) {
  std::vector<Sha256Digest> all;
  all.reserve(texts.size());
  for (const std::string& text : texts)
    all.push_back(hash_from(text));
  return all;
}

std::vector<std::string> texts_of(std::span<const Sha256Digest> hashes) {
  std::vector<std::string> all;
  all.reserve(hashes.size());
  for (const Sha256Digest& hash : hashes)
    all.push_back(hex(hash));
  return all;
}

std::vector<Sha256Digest> leaves_of(std::span<const std::string> log) {
  std::vector<Sha256Digest> leaves;
  leaves.reserve(log.size());
  for (const std::string& certificate : log)
    leaves.push_back(merkle_leaf(hash_from(certificate)));
  return leaves;
}

/// The log has the earlier head's certificates at its begin. Throws Error(refused).
void require_grown(std::span<const Sha256Digest> leaves, const std::string& ledger, const LogHeadRecord& before) {
  if (before.position.ledger_id != ledger) {
    throw Error(Category::refused,
                fmt::format("the head is of the ledger {}, and this one is {}", before.position.ledger_id, ledger));
  }
  if (before.size > leaves.size() || hex(merkle_root(leaves.first(before.size))) != before.root) {
    throw Error(Category::refused,
                fmt::format("the log does not go on from the head of {}: that has {} certificates with the root {}, "
                            "and the ledger has {}; it was cut off, rewritten or put back from an older copy",
                            before.moment, before.size, before.root, leaves.size()));
  }
}

}  // namespace

std::vector<std::string> certificate_log(Ledger& ledger) {
  std::vector<std::string> log;
  std::map<std::string, std::string> certified;
  for (const LedgerEvent& event : ledger.events()) {
    if (event.what == event_names::certified) {
      certified[event.batch] = event.subject;
    } else if (event.what == event_names::issued) {
      const auto found = certified.find(event.batch);
      // One that was certified before the ledger had a history is not vouched for by it.
      if (found == certified.end()) continue;
      log.push_back(std::move(found->second));
      certified.erase(found);
    } else if (event.what == event_names::burned) {
      certified.erase(event.batch);
    }
  }
  return log;
}

SealedLogHead read_log_head(const std::filesystem::path& path, const TrustAnchor& trust) {
  const std::string text = read_text_file(path, largest_head);
  try {
    SealedRecord<LogHeadRecord> opened = unseal_record(log_head_kind, text, trust);
    return {.record = std::move(opened.record), .signer = std::move(opened.signer)};
  } catch (const Error& why) {
    if (why.category() == Category::io) throw;
    throw Error(Category::verdict, fmt::format("{} is no head of a log to be believed: {}", path.string(), why.what()));
  }
}

LogHeadRecord log_head_of(Ledger& ledger, const std::optional<LogHeadRecord>& before, std::time_t now) {
  LogHeadRecord head;
  std::vector<Sha256Digest> leaves;
  ledger.at_one_moment([&] {
    const LedgerFindings findings = ledger.examine(Depth::history);
    if (!findings.faults.empty())
      throw Error(Category::refused, fmt::format("nothing is signed about this ledger: {}", findings.faults.front()));
    const auto position = ledger.position();
    if (!position) throw Error(Category::refused, "a ledger of schema 1 has no history, and so no log");
    head.position = *position;
    leaves = leaves_of(certificate_log(ledger));
  });
  head.size = leaves.size();
  head.root = hex(merkle_root(leaves));
  head.moment = utc_text(now);
  if (before) {
    require_grown(leaves, head.position.ledger_id, *before);
    head.grew = {
        .size = before->size, .root = before->root, .path = texts_of(merkle_consistency(leaves, before->size))};
  }
  return head;
}

std::string seal_log_head(const LogHeadRecord& record, const Signer& signer) {
  return seal(log_head_payload_type, record_text(record), signer);
}

LogInclusionRecord prove_logged(Ledger& ledger, const LogHeadRecord& head, const std::string& certificate_sha256) {
  LogInclusionRecord proof;
  proof.certificate_sha256 = certificate_sha256;
  proof.size = head.size;
  std::vector<std::string> log;
  ledger.at_one_moment([&] {
    if (const auto position = ledger.position()) proof.ledger = position->ledger_id;
    log = certificate_log(ledger);
  });
  const std::vector<Sha256Digest> leaves = leaves_of(log);
  require_grown(leaves, proof.ledger, head);
  const auto found = std::ranges::find(log, certificate_sha256);
  proof.index = static_cast<std::uint64_t>(found - log.begin());
  if (proof.index >= head.size) {
    throw Error(Category::refused,
                fmt::format("the certificate with the SHA-256 {} is {}", certificate_sha256,
                            found == log.end() ? "not in the log of this ledger"
                                               : "in the log, and came after this head: a newer one is needed"));
  }
  proof.path = texts_of(merkle_path(std::span(leaves).first(head.size), proof.index));
  return proof;
}

LogInclusionRecord read_log_inclusion(const std::filesystem::path& path) {
  const Json json = parse_json(read_text_file(path, largest_head), path.string());
  return log_inclusion_record_from(ObjectReader(json, ""));
}

std::string fault_of_growth(const LogHeadRecord& before, const LogHeadRecord& later) {
  if (before.position.ledger_id != later.position.ledger_id)
    return fmt::format("they are of two ledgers, {} and {}", before.position.ledger_id, later.position.ledger_id);
  if (later.size < before.size || later.position.sequence < before.position.sequence) {
    return fmt::format("the log had {} certificates and the ledger {} events, and now {} and {}: it was cut off",
                       before.size, before.position.sequence, later.size, later.position.sequence);
  }
  const bool same_place = later.position.sequence == before.position.sequence;
  if (same_place && later.position.chain_head != before.position.chain_head)
    return "the ledger's history ends with the same number and another event: it was copied, or rewritten";
  std::vector<Sha256Digest> path;
  if (later.size > before.size) {
    if (!later.grew || later.grew->size != before.size || later.grew->root != before.root) {
      return fmt::format(
          "nothing is seen either way: the later head tells {}, not from this one of {} certificates; "
          "go from head to head, or have a head made since this one",
          later.grew ? fmt::format("how the log grew from another head, of {}", later.grew->size)
                     : "of no earlier head",
          before.size);
    }
    path = hashes_from(later.grew->path);
  }
  if (merkle_grew(before.size, hash_from(before.root), later.size, hash_from(later.root), path)) return {};
  return "the log did not grow from the earlier one: a certificate in it was changed, left out or put in between";
}

std::string fault_of_log_inclusion(const LogInclusionRecord& proof, const LogHeadRecord& head,
                                   const std::string& certificate_sha256) {
  if (proof.certificate_sha256 != certificate_sha256) {
    return fmt::format("the proof is of the certificate with the SHA-256 {}, and this one has {}",
                       proof.certificate_sha256, certificate_sha256);
  }
  if (proof.ledger != head.position.ledger_id) {
    return fmt::format("the proof is of the log of ledger {}, and the head of {}", proof.ledger,
                       head.position.ledger_id);
  }
  if (proof.size != head.size) {
    return fmt::format(
        "the proof leads to a head of {} certificates, and this one has {}: prove it again against this head",
        proof.size, head.size);
  }
  const auto root =
      merkle_root_by_path(merkle_leaf(hash_from(certificate_sha256)), proof.index, proof.size, hashes_from(proof.path));
  if (root && hex(*root) == head.root) return {};
  return "the way from the certificate does not lead to the root of the head";
}

}  // namespace lightseed
