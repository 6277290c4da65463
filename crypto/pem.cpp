// SPDX-License-Identifier: Apache-2.0
#include "crypto/pem.h"

#include <fmt/format.h>

#include "core/byte_views.h"
#include "crypto/der_kind.h"

namespace lightseed {
namespace {

constexpr std::string_view begin = "-----BEGIN ";
constexpr std::string_view end = "-----END ";
constexpr std::string_view dashes = "-----";

/// The headers of RFC 1421 stand in front of an empty line.
void take_headers(PemBlock& block) {
  const auto gap = block.base64.find(block.base64.find("\r\n\r\n") != std::string_view::npos ? "\r\n\r\n" : "\n\n");
  if (block.base64.find(':') == std::string_view::npos || gap == std::string_view::npos) return;
  block.encrypted = block.base64.substr(0, gap).find("ENCRYPTED") != std::string_view::npos;
  block.base64.remove_prefix(gap);
}

/// "a private key" for "EC PRIVATE KEY".
std::string thing_of(std::string_view label) {
  if (label == "ENCRYPTED PRIVATE KEY") return "an encrypted private key";
  if (label.ends_with("PRIVATE KEY")) return "a private key";
  if (label.ends_with("PUBLIC KEY")) return "a bare public key";
  if (label.ends_with("CERTIFICATE REQUEST"))
    return "a certificate request, not yet signed by a certification authority";
  if (label.ends_with("CERTIFICATE")) return "a certificate";
  if (label == "EC PARAMETERS") return "a description of a curve";
  if (label == "PKCS7" || label == "CMS") return "a CMS message";
  return fmt::format("a PEM file of {:.40}", label);
}

/// Of what DER begins with; nothing when it is no DER.
std::string_view thing_of_der(std::string_view content) {
  switch (der_kind_of(bytes_of(content))) {
    case DerKind::none: return "";
    case DerKind::something: return "something else in DER";
    case DerKind::certificate: return "a certificate in DER";
    case DerKind::private_key: return "a private key in DER";
    case DerKind::encrypted_private_key: return "an encrypted private key in DER";
    case DerKind::public_key: return "a bare public key in DER";
    case DerKind::cms: return "a CMS message in DER";
    case DerKind::pkcs12: return "a PKCS#12 file";
  }
  return "";
}

}  // namespace

std::vector<PemBlock> find_pem(std::string_view text) {
  std::vector<PemBlock> blocks;
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string_view::npos;) {
    const bool at_line_start = at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
    at += begin.size();
    const auto label_end = text.find(dashes, at);
    if (!at_line_start || label_end == std::string_view::npos || label_end - at > 80) continue;
    PemBlock block{.label = std::string(text.substr(at, label_end - at)), .base64 = {}};
    const std::size_t body = label_end + dashes.size();
    const auto body_end = text.find(fmt::format("{}{}{}", end, block.label, dashes), body);
    if (body_end == std::string_view::npos) continue;
    block.base64 = text.substr(body, body_end - body);
    take_headers(block);
    at = body_end;
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string what_it_is_instead(std::string_view content, const std::vector<PemBlock>& blocks, std::string_view wanted) {
  if (content.empty()) return fmt::format("is empty, not {}", wanted);
  if (!blocks.empty()) return fmt::format("is {}, not {}", thing_of(blocks.front().label), wanted);
  if (const std::string_view thing = thing_of_der(content); !thing.empty())
    return fmt::format("is {}, not {}", thing, wanted);
  if (content.find(begin) != std::string_view::npos) return fmt::format("is cut off or damaged PEM, not {}", wanted);
  return fmt::format("is not {}: neither PEM nor DER", wanted);
}

}  // namespace lightseed
