// SPDX-License-Identifier: Apache-2.0
#include "provision/receipt.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/merkle.h"
#include "crypto/sealed_record.h"
#include "provision/certificate.h"
#include "provision/list_lines.h"
#include "provision/open_batch.h"
#include "provision/order/iccid.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_receipt = std::size_t{64} << 20;
constexpr std::size_t longest_reason = 200;

/// Over a domain name and the leaves in their order.
std::string digest_of_leaves(std::span<const Sha256Digest> leaves) {
  Sha256 hash;
  hash.update(std::string_view("lightseed/receipt-leaves/v1"));
  for (const Sha256Digest& leaf : leaves)
    hash.update(leaf);
  return hex(hash.digest());
}

constexpr SealedKind<ReceiptRecord> sealed_receipt{.payload_type = receipt_payload_type,
                                                   .name = "the receipt",
                                                   .largest = largest_receipt,
                                                   .read = receipt_record_from,
                                                   .moment = &ReceiptRecord::moment};

/// In the order of a receipt. Throws Error(usage).
std::vector<RejectedSim> sorted(std::vector<RejectedSim> rejected, const std::set<std::string>& sims) {
  std::ranges::sort(rejected, {}, &RejectedSim::iccid);
  const auto twice = std::ranges::adjacent_find(rejected, {}, &RejectedSim::iccid);
  if (twice != rejected.end())
    throw Error(Category::usage, fmt::format("SIM {} is rejected twice in the list", twice->iccid));
  for (const RejectedSim& sim : rejected) {
    if (!sims.contains(sim.iccid))
      throw Error(Category::usage, fmt::format("SIM {} is rejected, and the batch has no keys for it", sim.iccid));
  }
  return rejected;
}

/// Whether a receipt may hold these words: one line of text.
bool is_reason(std::string_view text) {
  return text.size() <= longest_reason && is_utf8(text) &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// One line of a list. Throws Error(usage) with the reason alone.
RejectedSim rejected_sim_from(std::string_view line) {
  const auto comma = line.find(',');
  RejectedSim sim{.iccid = {}, .reason = std::string(comma == std::string_view::npos ? "" : line.substr(comma + 1))};
  FixedText<20> iccid;
  if (const std::string fault = read_iccid(line.substr(0, comma), iccid); !fault.empty())
    throw Error(Category::usage, fault);
  if (!is_reason(sim.reason)) {
    throw Error(Category::usage,
                fmt::format("the reason is longer than {} bytes, or no line of UTF-8 text", longest_reason));
  }
  sim.iccid = std::string(iccid);
  return sim;
}

}  // namespace

ReceiptRecord make_receipt(const std::filesystem::path& directory, const TrustAnchor& trust, const RecipientKey& key,
                           const ReceiptRequest& request) {
  std::vector<Sha256Digest> leaves;
  std::set<std::string> sims;
  const CertifiedBatch batch = open_batch(
      directory, trust, key, {.outlet = request.outlet, .stop = request.stop}, [&](const PackagedBlock& block) {
        leaves.push_back(merkle_leaf(block.header.salt, block.header.id, block.header.iccid, block.keys));
        sims.insert(block.header.iccid);
      });
  const std::string root = hex(merkle_root(leaves));
  if (root != batch.merkle_root || sims.size() != batch.sims) {
    throw Error(Category::verdict, fmt::format("the keys of the {} side are not the certified ones: {} SIMs with the "
                                               "Merkle root {}, and the certificate says {} with {}",
                                               request.outlet, sims.size(), root, batch.sims, batch.merkle_root));
  }
  return {.batch = batch.id,
          .outlet = request.outlet,
          .certificate_sha256 = hex(sha256_of_file((directory / certificate_name(batch.id)).string())),
          .merkle_root = root,
          .leaves_sha256 = digest_of_leaves(leaves),
          .moment = utc_text(request.now),
          .sims = batch.sims,
          .rejected = sorted(request.rejected, sims)};
}

std::string seal_receipt(const ReceiptRecord& record, const Signer& signer) {
  return seal(receipt_payload_type, record_text(record), signer);
}

SealedReceipt read_receipt(const std::filesystem::path& path, const TrustAnchor& trust) {
  const std::string text = read_text_file(path, largest_receipt);
  try {
    SealedRecord<ReceiptRecord> opened = unseal_record(sealed_receipt, text, trust);
    for (const RejectedSim& sim : opened.record.rejected)
      if (!is_reason(sim.reason)) throw Error(Category::verdict, "a reason in it is no line of text");
    return {
        .record = std::move(opened.record), .sha256 = hex(sha256(bytes_of(text))), .signer = std::move(opened.signer)};
  } catch (const Error& why) {
    if (why.category() == Category::io) throw;
    throw Error(Category::verdict, fmt::format("{} is no receipt to be believed: {}", path.string(), why.what()));
  }
}

SideAnswer answer_of(const SealedReceipt& receipt) {
  SideAnswer answer{.batch = receipt.record.batch,
                    .outlet = receipt.record.outlet,
                    .receipt_sha256 = receipt.sha256,
                    .certificate_sha256 = receipt.record.certificate_sha256,
                    .merkle_root = receipt.record.merkle_root,
                    .leaves_sha256 = receipt.record.leaves_sha256};
  answer.rejected.reserve(receipt.record.rejected.size());
  for (const RejectedSim& sim : receipt.record.rejected)
    answer.rejected.push_back(sim.iccid);
  return answer;
}

std::vector<RejectedSim> read_rejected_sims(const std::filesystem::path& path) {
  const std::string text = read_text_file(path, largest_receipt);
  std::vector<RejectedSim> all;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    if (line.empty() || (number == 1 && (line == "iccid" || line == "iccid,reason"))) return;
    try {
      all.push_back(rejected_sim_from(line));
    } catch (const Error& why) {
      throw Error(Category::usage, fmt::format("{}:{}: {}", path.string(), number, why.what()));
    }
  });
  return all;
}

}  // namespace lightseed
