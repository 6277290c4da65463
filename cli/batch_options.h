// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "provision/further_signatures.h"
#include "provision/outlet.h"

namespace lightseed::cli {

/// What verbs that read an issued batch take: who must have sealed it, and whose key opens it.
Option trust_option();
/// What there must be beside the first signature: --second-trust, --require-signature.
std::vector<Option> signature_options();
/// Puts options behind one of a table.
void add_behind(std::vector<Option>& table, std::string_view name, std::vector<Option> more);
/// The values of signature_options(). Throws as TrustAnchor::read() does; Error(usage) for a kind that is none.
SignatureDemands signature_demands(const Context& context);
/// The signatures beside the first, for --json: whose each is counts only where the batch is without fault.
Json json_of_signatures(const std::vector<JudgedSignature>& signatures, bool without_fault);
/// The names of all kinds of signatures but the first one's.
std::vector<std::string> further_kind_names();
Option recipient_key_option(bool required);

/// Who signs `what`: --signer and --signer-key.
std::vector<Option> signer_options(const std::string& what);

/// Whom the files of an outlet are for: --card-recipient.
Option recipient_option(const Outlet& outlet);
/// Of all outlets, as a choice.
std::vector<std::string> outlet_names();

/// --iccid, one SIM, written as in an order.
Option iccid_option();
/// Its value in the form that the ledger and key files have. Throws Error(usage).
std::string iccid_of(const Context& context);

/// --order-id, or nothing for the name of the order's file. Throws Error(usage) where it is given and empty, as from a
/// script's variable that is not set: the file's name would be taken for ever.
std::string order_id_of(const Context& context);

}  // namespace lightseed::cli
