// SPDX-License-Identifier: Apache-2.0
#include "provision/inclusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/merkle.h"
#include "evidence/json_text.h"
#include "provision/open_batch.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_proof = std::size_t{64} << 10;

}  // namespace

InclusionRecord prove_inclusion(const std::filesystem::path& directory, const TrustAnchor& trust,
                                const RecipientKey& key, const std::string& iccid, std::stop_token stop) {
  std::vector<Sha256Digest> leaves;
  InclusionRecord proof;
  proof.iccid = iccid;
  const CertifiedBatch batch =
      open_batch(directory, trust, key, {.stop = std::move(stop)}, [&](const PackagedBlock& block) {
        if (block.header.iccid == iccid) {
          proof.index = leaves.size();
          proof.block = hex(block.header.id);
        }
        leaves.push_back(merkle_leaf(block.header.salt, block.header.id, block.header.iccid, block.keys));
      });
  if (proof.block.empty())
    throw Error(Category::usage, fmt::format("batch {} has no keys for ICCID {}", batch.id, iccid));
  proof.batch = batch.id;
  proof.leaves = leaves.size();
  proof.leaf = hex(leaves[proof.index]);
  for (const Sha256Digest& hash : merkle_path(leaves, proof.index))
    proof.path.push_back(hex(hash));
  if (const std::string fault = fault_of_inclusion(proof, batch); !fault.empty()) throw Error(Category::verdict, fault);
  return proof;
}

InclusionRecord read_inclusion_proof(const std::filesystem::path& path) {
  const Json json = parse_json(read_text_file(path, largest_proof), path.string());
  return inclusion_record_from(ObjectReader(json, ""));
}

std::string fault_of_inclusion(const InclusionRecord& proof, const CertifiedBatch& batch) {
  if (proof.batch != batch.id)
    return fmt::format("the proof is of batch {}, and the certificate of batch {}", proof.batch, batch.id);
  if (proof.leaves != batch.sims) {
    return fmt::format("the proof is of a tree with {} leaves, and the batch has {} SIMs", proof.leaves, batch.sims);
  }
  std::vector<Sha256Digest> path;
  path.reserve(proof.path.size());
  for (const std::string& hash : proof.path)
    path.push_back(sha256_from_hex(hash, "a hash of the proof"));
  const auto root =
      merkle_root_by_path(sha256_from_hex(proof.leaf, "a hash of the proof"), proof.index, proof.leaves, path);
  if (!root || hex(*root) != batch.merkle_root)
    return "the way from its leaf does not lead to the certified Merkle root";
  return {};
}

}  // namespace lightseed
