// SPDX-License-Identifier: Apache-2.0
#include "cli/batch_options.h"

#include <fmt/format.h>

#include "cli/passphrase.h"
#include "core/error.h"
#include "provision/order/iccid.h"

namespace lightseed::cli {

Option trust_option() {
  return {.name = "trust",
          .value = "CRT",
          .text = "the signer's certificate, or a chain to its authority, known from elsewhere",
          .required = true};
}

Option second_trust_option() {
  return {.name = "second-trust",
          .value = "CRT",
          .text = "ask for a second signature, of SM2, by this certificate or under this chain"};
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
