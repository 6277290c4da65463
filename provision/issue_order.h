// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "provision/issue.h"

namespace lightseed {

struct OrderIssueResult {
  std::uint64_t parts = 0;
  std::uint64_t issued_before = 0;  ///< of them: nothing was generated for those
  std::filesystem::path directory;
  std::string purpose;
  Provenance provenance = Provenance::simulated;  ///< the weakest of the parts'
  std::uint64_t sims = 0;
  std::uint64_t key_bytes = 0;  ///< all keys together
  std::string merkle_root;      ///< over the parts' certificates
  std::string certificate;      ///< file name
};

/// Makes the keys of a large order in parts (order_parts.h), each a batch as issue() makes it, in
/// `request.directory`; then a certificate that binds them. Certificates, tables of files and the memory that a batch
/// needs follow the size of a part, not of the order.
///
/// What can be known to fail is looked for in all parts that are not issued yet before the first of them is begun.
/// Whatever ends a run – a signal, an alarm of the source, a crash – costs the part it was in: the same call goes on
/// with that one. Several processes may issue parts of one order at once: a part that another one is making is waited
/// for, as issue() waits for a ledger.
///
/// The parts share `request.log2_epsilon`, which holds for all keys of the order.
///
/// Throws what issue() does, with the part; Error(refused) when the order's certificate is there and says something
/// else, Error(io) when strange files are in the way.
OrderIssueResult issue_order(IssueRequest request, std::uint64_t sims_a_part, const IssueServices& services);

/// What is left of a large order to issue, as one request with the SIMs of the parts that the ledger does not know to
/// be issued, for whoever wants to know what it would take. Changes nothing. Throws what rehearse_ledger() does, and
/// Error(io) when strange files are in the way.
struct OrderRemainder {
  std::uint64_t parts = 0;
  std::uint64_t issued = 0;
  IssueRequest request;  ///< for the directory of the first part that is left; without SIMs when none is
};
OrderRemainder remainder_of(const IssueRequest& request, std::uint64_t sims_a_part);

}  // namespace lightseed
