// SPDX-License-Identifier: Apache-2.0
#include "cli/batch_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string_view>

#include "cli/passphrase.h"
#include "core/error.h"
#include "crypto/signer.h"
#include "provision/order/iccid.h"

namespace lightseed::cli {
namespace {

/// "sm2,ml-dsa-65" as two kinds.
std::vector<SignatureKind> kinds_of_list(const std::string& text) {
  std::vector<std::string_view> known;
  for (const SignatureKind kind : signature_kinds())
    known.push_back(name_of(kind));
  std::vector<SignatureKind> kinds;
  std::istringstream list(text + ",");  // so that an empty name at the end is one, too
  for (std::string name; std::getline(list, name, ',');) {
    const auto kind = signature_kind_from(name);
    if (!kind) {
      throw Error(Category::usage,
                  fmt::format("--require-signature {}: no kind of signature is called '{}'; there are {}", text, name,
                              fmt::join(known, ", ")));
    }
    if (std::ranges::find(kinds, *kind) == kinds.end()) kinds.push_back(*kind);
  }
  return kinds;
}

}  // namespace

Option trust_option() {
  return {.name = "trust",
          .value = "CRT",
          .text = "the signer's certificate, or a chain to its authority, known from elsewhere",
          .required = true};
}

std::vector<Option> signature_options() {
  return {{.name = "second-trust",
           .value = "CRT",
           .text = "ask for a further signature by this certificate or under this chain; twice: for two",
           .many = true},
          {.name = "require-signature",
           .value = "KINDS",
           .text = "ask for signatures of these kinds, whosever they are: sm2,ml-dsa-65"}};
}

void add_behind(std::vector<Option>& table, std::string_view name, std::vector<Option> more) {
  const auto place = std::ranges::find(table, name, &Option::name);
  table.insert(place == table.end() ? place : place + 1, std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

SignatureDemands signature_demands(const Context& context) {
  SignatureDemands demands;
  for (const std::string& path : context.options.texts("second-trust"))
    demands.trust.push_back(TrustAnchor::read(path));
  if (demands.trust.size() > most_further_signatures) {
    throw Error(Category::usage, fmt::format("--second-trust is given {} times, and a certificate has at most {} "
                                             "signatures beside the first",
                                             demands.trust.size(), most_further_signatures));
  }
  if (context.has("require-signature")) demands.kinds = kinds_of_list(context.text("require-signature"));
  return demands;
}

Json json_of_signatures(const std::vector<JudgedSignature>& signatures, bool without_fault) {
  Json list = Json::array();
  for (const JudgedSignature& one : signatures) {
    list.push_back({{"subject", one.signer.subject()},
                    {"kind", name_of(one.kind)},
                    {"checked", one.checked},
                    {"trusted", one.vouched && without_fault}});
  }
  return list;
}

std::vector<std::string> further_kind_names() {
  std::vector<std::string> names;
  for (const SignatureKind kind : signature_kinds())
    if (kind != SignatureKind::ecdsa_p384) names.emplace_back(name_of(kind));
  return names;
}

Option recipient_key_option(bool required) {
  return {.name = "recipient-key",
          .value = "KEY",
          .text = "private key of a recipient, or kek:ID:FILE",
          .required = required};
}

std::vector<Option> signer_options(const std::string& what) {
  return {{.name = "signer",
           .value = "CRT",
           .text = fmt::format("certificate of who signs {}, ECDSA P-384", what),
           .required = true},
          {.name = "signer-key",
           .value = "KEY",
           .text = "its private key: a file of mode 0600, or a PKCS#11 URI of a token's (RFC 7512)",
           .required = true},
          passphrase_option()};
}

Option recipient_option(const Outlet& outlet) {
  return {.name = std::string(outlet.name) + "-recipient",
          .value = "CRT",
          .text = std::string(outlet.recipient),
          .required = outlet.required};
}

std::vector<std::string> outlet_names() {
  std::vector<std::string> names;
  for (const Outlet& outlet : outlets())
    names.emplace_back(outlet.name);
  return names;
}

Option iccid_option() {
  return {.name = "iccid", .value = "ICCID", .text = "the SIM, written as in an order", .required = true};
}

std::string iccid_of(const Context& context) {
  FixedText<20> iccid;
  if (const std::string fault = read_iccid(context.text("iccid"), iccid); !fault.empty())
    throw Error(Category::usage, fault);
  return std::string(iccid);
}

std::string order_id_of(const Context& context) {
  std::string id = context.options.text_or("order-id", "");
  if (id.empty() && context.options.given("order-id"))
    throw Error(Category::usage, "--order-id is empty; leave it out for the name of the order's file");
  return id;
}

}  // namespace lightseed::cli
