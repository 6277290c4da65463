// SPDX-License-Identifier: Apache-2.0
#include "provision/order_certificate.h"

#include <fmt/format.h>

#include <string>
#include <system_error>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/error.h"
#include "crypto/dsse.h"
#include "evidence/json_text.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = std::size_t{1} << 16;

std::string body_of(const OrderCertificate& certificate) {
  return json_text(to_json(certificate), 1) + "\n";
}

}  // namespace

void write_order_certificate(const fs::path& directory, const OrderCertificate& certificate, const Signer& signer) {
  const fs::path path = directory / order_certificate_name;
  if (has_order_certificate(directory)) {
    OrderCertificate before = read_order_certificate(directory, TrustAnchor(signer.certificate()));
    before.moment = certificate.moment;
    if (before == certificate) return;
    throw Error(Category::refused,
                fmt::format("{} exists and says something else of the order; nothing was changed", path.string()));
  }
  AtomicFile file(path, AtomicFile::Mode::open);
  file.write(seal(order_certificate_payload_type, body_of(certificate), signer));
  file.commit();
}

bool has_order_certificate(const fs::path& directory) {
  std::error_code error;
  return fs::exists(fs::symlink_status(directory / order_certificate_name, error));
}

OrderCertificate read_order_certificate(const fs::path& directory, const TrustAnchor& trust) {
  const fs::path path = directory / order_certificate_name;
  const std::string text = read_text_file(path, largest);
  try {
    const Unsealed unsealed = unseal(order_certificate_payload_type, text, trust, {.most_bytes = largest});
    const Json json = parse_json(unsealed.body, "the order's certificate", {.bytes = largest});
    OrderCertificate certificate = order_certificate_from(ObjectReader(json, ""));
    const auto moment = moment_from(certificate.moment);
    if (!moment) throw Error(Category::verdict, "its moment is none");
    if (!unsealed.canonical || unsealed.second_signer || body_of(certificate) != unsealed.body)
      throw Error(Category::verdict, "it is not the text that Lightseed writes");
    trust.judge(unsealed.signer, *moment);
    return certificate;
  } catch (const Error& why) {
    if (why.category() == Category::io) throw;
    throw Error(Category::verdict,
                fmt::format("{} is no certificate of an order to be believed: {}", path.string(), why.what()));
  }
}

}  // namespace lightseed
