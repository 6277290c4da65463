// SPDX-License-Identifier: Apache-2.0
#include "provision/order_certificate.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <system_error>

#include "core/atomic_file.h"
#include "core/error.h"
#include "crypto/sealed_record.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr SealedKind<OrderCertificate> kind{.payload_type = order_certificate_payload_type,
                                            .name = "the order's certificate",
                                            .largest = std::size_t{1} << 16,
                                            .read = order_certificate_from,
                                            .moment = &OrderCertificate::moment};

/// One that is there already, with the moment of `other`; nothing where there is none. Throws Error(refused),
/// Error(io).
std::optional<OrderCertificate> one_before(const fs::path& directory, const OrderCertificate& other,
                                           const Signer& signer) {
  if (!has_order_certificate(directory)) return std::nullopt;
  try {
    OrderCertificate before = read_order_certificate(directory, TrustAnchor(signer.certificate()));
    before.moment = other.moment;
    return before;
  } catch (const Error& why) {
    if (why.category() == Category::io) throw;
    throw Error(Category::refused, why.what());
  }
}

[[noreturn]] void refuse(const fs::path& directory) {
  throw Error(Category::refused, fmt::format("{} exists and says something else of the order",
                                             (directory / order_certificate_name).string()));
}

}  // namespace

void require_no_other_order_certificate(const fs::path& directory, const OrderCertificate& planned,
                                        const Signer& signer) {
  auto before = one_before(directory, planned, signer);
  if (!before) return;
  // What only issuing tells.
  before->purpose = planned.purpose;
  before->merkle_root = planned.merkle_root;
  if (*before != planned) refuse(directory);
}

void write_order_certificate(const fs::path& directory, const OrderCertificate& certificate, const Signer& signer) {
  if (const auto before = one_before(directory, certificate, signer)) {
    if (*before == certificate) return;
    refuse(directory);
  }
  const fs::path path = directory / order_certificate_name;
  AtomicFile file(path, AtomicFile::Mode::open);
  file.write(seal(order_certificate_payload_type, record_text(certificate), signer));
  file.commit();
}

bool has_order_certificate(const fs::path& directory) {
  std::error_code error;
  return fs::exists(fs::symlink_status(directory / order_certificate_name, error));
}

OrderCertificate read_order_certificate(const fs::path& directory, const TrustAnchor& trust) {
  const fs::path path = directory / order_certificate_name;
  const std::string text = read_text_file(path, kind.largest);
  try {
    return unseal_record(kind, text, trust).record;
  } catch (const Error& why) {
    if (why.category() == Category::io) throw;
    throw Error(Category::verdict,
                fmt::format("{} is no certificate of an order to be believed: {}", path.string(), why.what()));
  }
}

}  // namespace lightseed
