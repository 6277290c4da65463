// SPDX-License-Identifier: Apache-2.0
#include "provision/verify_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/merkle.h"
#include "provision/ledger/allotment.h"
#include "provision/order_certificate.h"
#include "provision/order_parts.h"
#include "provision/staging.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

/// Of every kind the first few are listed: a directory with the wrong parts has thousands.
constexpr std::size_t most_listed = 100;

/// What is no cut for whoever issues is a lie in a certificate.
OrderParts parts_of(const OrderCertificate& certificate) try {
  return {certificate.order_id, certificate.sims, certificate.sims_a_part};
} catch (const Error& why) {
  throw Error(Category::verdict, fmt::format("the order's certificate cannot be true: {}", why.what()));
}

class OrderVerification {
 public:
  OrderVerification(fs::path directory, const TrustAnchor& trust, const VerifyRequest& request,
                    OrderVerifyReport& report)
      : directory_(std::move(directory)),
        trust_(trust),
        request_(request),
        report_(report),
        parts_(parts_of(report.certificate)) {}

  void check_order() {
    if (!request_.order) return;
    const Order& order = *request_.order;
    if (order.id == certificate().order_id && order.sha256 == certificate().order_sha256 &&
        order.lines.size() == certificate().sims) {
      report_.checks.emplace_back("the order file is the certified one");
      return;
    }
    fault(fmt::format("the certificate is of order {}, and the order file is not that one", certificate().order_id));
    order_fits_ = false;
  }

  void check_strays() {
    for (const std::string& name : names_in_the_way(directory_))
      if (name != order_certificate_name && !parts_.has_directory(name))
        fault(fmt::format("{} does not belong to the order", (directory_ / name).string()));
  }

  /// No SIM is in two parts; seen where a recipient's key opened them.
  void check_sims() {
    if (!request_.key) return;
    std::ranges::sort(sims_);
    if (std::ranges::adjacent_find(sims_) != sims_.end()) {
      fault("a SIM is in two parts of the order");
    } else if (sims_.size() == certificate().sims) {
      report_.checks.push_back(fmt::format("{} SIMs were opened, and none is in two parts", sims_.size()));
    }
  }

  void check_parts() {
    std::vector<Sha256Digest> leaves;
    leaves.reserve(parts_.count());
    double epsilon_share = 0;  // of the certified epsilon
    for (std::uint64_t number = 1; number <= parts_.count(); ++number) {
      try {
        const VerifyReport part = verify_part(number);
        take(number, part);
        epsilon_share += std::exp2(part.certificate.strength.log2_epsilon - certificate().log2_epsilon);
        const fs::path path = directory_ / OrderParts::directory(number) / certificate_name(part.certificate.batch.id);
        leaves.push_back(merkle_leaf(sha256_of_file(path.string())));
      } catch (const Error& why) {
        if (why.category() == Category::interrupted) throw;
        fault(fmt::format("part {}: {}", number, why.what()));
      }
    }
    if (parts_sound_ == parts_.count())
      report_.checks.push_back(fmt::format("all {} parts verify, each as a batch", parts_.count()));
    if (leaves.size() != parts_.count()) return;
    if (hex(merkle_root(leaves)) == certificate().merkle_root) {
      report_.checks.emplace_back("they are the parts that the order's certificate binds");
    } else {
      fault("the parts are not the ones that the order's certificate binds: their Merkle root differs");
    }
    // Exponents are rounded to doubles on the way.
    if (epsilon_share > 1 + 1e-9) {
      fault(fmt::format("the parts together are not within 2^{} of uniform", certificate().log2_epsilon));
    }
    if (std::string(purpose_of(report_.provenance)) != certificate().purpose) {
      fault(fmt::format("the certificate says {}, and the parts are {}", certificate().purpose,
                        purpose_of(report_.provenance)));
    }
  }

 private:
  fs::path directory_;
  const TrustAnchor& trust_;
  const VerifyRequest& request_;
  OrderVerifyReport& report_;
  OrderParts parts_;
  bool order_fits_ = true;
  std::uint64_t bytes_before_ = 0;
  std::uint64_t parts_sound_ = 0;  ///< without a fault, whatever the policy wants
  std::vector<AllotmentEntry> sims_{};

  [[nodiscard]] const OrderCertificate& certificate() const noexcept { return report_.certificate; }

  static void add(std::vector<std::string>& list, std::string words) {
    if (list.size() < most_listed) {
      list.push_back(std::move(words));
    } else if (list.size() == most_listed) {
      list.emplace_back("and more, which is not listed");
    }
  }
  void fault(std::string words) { add(report_.faults, std::move(words)); }

  VerifyReport verify_part(std::uint64_t number) {
    std::error_code error;
    if (!fs::is_directory(fs::symlink_status(directory_ / OrderParts::directory(number), error)))
      throw Error(Category::verdict,
                  "it is missing, or no directory of its own: a link could change after it was checked");
    VerifyRequest part{.policy = request_.policy,
                       .key = request_.key,
                       .outlet = request_.outlet,
                       .order = std::nullopt,
                       .opened = [&](std::string_view iccid) { sims_.push_back(AllotmentEntry::of(iccid, 0)); },
                       .stop = request_.stop};
    if (request_.order && order_fits_) part.order = parts_.cut(*request_.order, number);
    std::uint64_t part_bytes = 0;
    part.progress = [&](std::uint64_t done, std::uint64_t total) {
      part_bytes = total;
      request_.progress(bytes_before_ + done, (bytes_before_ + total) / number * parts_.count());
    };
    VerifyReport report = verify(directory_ / OrderParts::directory(number), trust_, part);
    bytes_before_ += part_bytes;
    return report;
  }

  void take(std::uint64_t number, const VerifyReport& part) {
    const CertifiedBatch& batch = part.certificate.batch;
    std::vector<std::string> faults = part.faults;
    const OrderCertificate& whole = certificate();
    if (batch.order_id != parts_.id(number) || batch.order_sha256 != whole.order_sha256)
      faults.push_back(fmt::format("it is of order {}, and should be of {}", batch.order_id, parts_.id(number)));
    if (batch.sims != parts_.sims(number) || batch.keys_per_sim != whole.keys_per_sim ||
        batch.key_bytes != whole.key_bytes) {
      faults.push_back(fmt::format("it has {} SIMs with {} keys of {} bytes, and should have {} with {} of {}",
                                   batch.sims, batch.keys_per_sim, batch.key_bytes, parts_.sims(number),
                                   whole.keys_per_sim, whole.key_bytes));
    }
    report_.provenance = worst(report_.provenance, batch.provenance);
    if (faults.empty()) ++parts_sound_;
    if (faults.empty() && part.refusals.empty()) ++report_.parts_valid;
    for (const std::string& words : faults)
      fault(fmt::format("part {}: {}", number, words));
    for (const std::string& words : part.refusals)
      add(report_.refusals, fmt::format("part {}: {}", number, words));
    for (const std::string& words : part.certificate.notices)
      add(report_.notices, fmt::format("part {}: {}", number, words));
  }
};

}  // namespace

OrderVerifyReport verify_order(const fs::path& directory, const TrustAnchor& trust, const VerifyRequest& request) {
  OrderVerifyReport report;
  report.certificate = read_order_certificate(directory, trust);
  report.checks.emplace_back("the order's certificate is sealed by whom you trust");
  OrderVerification verification(fs::canonical(directory), trust, request, report);
  verification.check_order();
  verification.check_strays();
  verification.check_parts();
  verification.check_sims();
  if (report.certificate.log2_epsilon > request.policy.most_log2_epsilon) {
    report.refusals.push_back(fmt::format("the keys of all parts are within 2^{} of uniform, and the policy wants 2^{}",
                                          report.certificate.log2_epsilon, request.policy.most_log2_epsilon));
  }
  return report;
}

}  // namespace lightseed
