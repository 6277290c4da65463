// SPDX-License-Identifier: Apache-2.0
#include "provision/issue_order.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/merkle.h"
#include "provision/batch_writer.h"
#include "provision/order/order_error.h"
#include "provision/order_certificate.h"
#include "provision/order_parts.h"
#include "provision/preflight.h"
#include "provision/recovery.h"
#include "provision/repeats.h"
#include "provision/staging.h"
#include "provision/taken_ledger.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

/// A large order and what every part's request has in common.
class WholeOrder {
 public:
  WholeOrder(IssueRequest request, std::uint64_t sims_a_part)
      : order_(std::exchange(request.order, {})),
        request_(std::move(request)),
        parts_(order_.id, order_.lines.size(), sims_a_part) {
    request_.directory = target_of(request_.directory);
  }

  [[nodiscard]] const OrderParts& parts() const noexcept { return parts_; }
  [[nodiscard]] const std::string& id() const noexcept { return order_.id; }
  [[nodiscard]] const fs::path& directory() const noexcept { return request_.directory; }
  [[nodiscard]] const Signer& signer() const noexcept { return request_.signer; }
  /// Without lines.
  [[nodiscard]] const IssueRequest& common() const noexcept { return request_; }

  [[nodiscard]] IssueRequest part(std::uint64_t number) const {
    IssueRequest part = request_;
    part.order = parts_.cut(order_, number);
    part.directory /= OrderParts::directory(number);
    part.log2_epsilon = parts_.log2_epsilon_of_part(request_.log2_epsilon);
    return part;
  }

  /// The part's batch, where it is issued.
  [[nodiscard]] std::optional<BatchRecord> issued(std::uint64_t number, Ledger& ledger) const {
    auto live = ledger.live_batch_of_order(parts_.id(number));
    if (live && live->state != BatchState::issued) live.reset();
    return live;
  }

  /// The SIMs of the parts that are not issued, as one order.
  [[nodiscard]] OrderRemainder remainder(Ledger* ledger) const {
    OrderRemainder rest{.parts = parts_.count(), .issued = 0, .request = request_};
    rest.request.log2_epsilon = parts_.log2_epsilon_of_part(request_.log2_epsilon);
    rest.request.order = {
        .id = order_.id, .sha256 = order_.sha256, .lines = {}, .profiles = order_.profiles, .notices = {}};
    std::error_code error;
    std::vector<OrderLines> left;
    for (std::uint64_t number = 1; number <= parts_.count(); ++number) {
      if (ledger != nullptr && issued(number, *ledger)) {
        ++rest.issued;
        continue;
      }
      if (left.empty() && fs::is_directory(request_.directory, error))
        rest.request.directory = request_.directory / OrderParts::directory(number);
      left.push_back(order_.lines.part(parts_.first_sim(number), parts_.sims(number)));
    }
    rest.request.order.lines = OrderLines::joined(left);
    return rest;
  }

  [[nodiscard]] OrderCertificate certificate(Provenance provenance, std::string merkle_root) const {
    return {.order_id = order_.id,
            .order_sha256 = order_.sha256,
            .sims = order_.lines.size(),
            .parts = parts_.count(),
            .sims_a_part = parts_.sims_a_part(),
            .keys_per_sim = request_.keys_per_sim,
            .key_bytes = request_.key_bytes,
            .log2_epsilon = request_.log2_epsilon,
            .purpose = std::string(purpose_of(provenance)),
            .merkle_root = std::move(merkle_root),
            .moment = utc_text(std::time(nullptr))};
  }

 private:
  Order order_;
  IssueRequest request_;
  OrderParts parts_;
};

/// What runs that were cut off leave, and whoever issues next removes.
bool is_our_litter(std::string_view name) {
  return name.starts_with(".part-") || name.starts_with(".lightseed-") ||
         name.starts_with(fmt::format(".{}.", order_certificate_name));
}

/// The order's directory is ours: it holds parts of this order and nothing else.
void require_own_directory(const WholeOrder& order) {
  for (const std::string& name : names_in_the_way(order.directory())) {
    if (name != order_certificate_name && !is_our_litter(name) && !order.parts().has_directory(name)) {
      throw Error(Category::io,
                  fmt::format("{} holds {}, which is no part of the order; take it away, or choose another "
                              "directory for an order of which nothing is issued",
                              order.directory().string(), name));
    }
  }
}

void make_directory(const fs::path& directory) {
  if (mkdir(directory.c_str(), 0700) == 0) return sync_directory(directory.parent_path());
  if (errno != EEXIST) throw system_error("create", directory.string(), errno);
}

/// What would end one of the parts, looked for in all of them.
void look_ahead(const WholeOrder& order, Ledger& ledger, const IssueServices& services) {
  std::uint64_t needed = 0;
  for (std::uint64_t number = 1; number <= order.parts().count(); ++number) {
    if (services.stop.stop_requested()) throw Error(Category::interrupted, "interrupted; nothing was generated");
    const IssueRequest part = order.part(number);
    const auto names = names_in_the_way(part.directory);  // no link, also where it is issued
    if (const auto before = order.issued(number, ledger)) {
      require_same_request(*before, part);
      continue;
    }
    require_order_of(ledger.epoch(), part.order.id);
    if (!names.empty()) {
      throw Error(Category::io,
                  fmt::format("{} holds {}, and part {} is not issued; remove it, or choose another directory",
                              part.directory.string(), names.front(), number));
    }
    require_new_sims(part, known_sims_of(part, ledger));
    if (needed == 0) (void)try_container(part);
    needed += bytes_needed(part);
  }
  require_no_other_order_certificate(order.directory(), order.certificate(Provenance::hardware, ""), order.signer());
  require_room_for(needed, order.directory().parent_path());
}

}  // namespace

OrderIssueResult issue_order(IssueRequest given, std::uint64_t sims_a_part, const IssueServices& services) {
  require_sane(given);
  const WholeOrder order(std::move(given), sims_a_part);
  const OrderParts& parts = order.parts();
  {
    bool waited = false;
    const auto [ledger, lock] =
        patiently(services.while_busy, waited, [&] { return take_ledger(order.common(), services); });
    finish_unfinished(*ledger, services.notice);
    require_same_cut(*ledger, order.id(), parts.count());
    require_own_directory(order);
    look_ahead(order, *ledger, services);
  }
  make_directory(order.directory());

  OrderIssueResult result;
  result.parts = parts.count();
  result.directory = order.directory();
  result.provenance = Provenance::hardware;
  result.certificate = order_certificate_name;
  std::vector<Sha256Digest> leaves;
  leaves.reserve(parts.count());
  for (std::uint64_t number = 1; number <= parts.count(); ++number) {
    IssueServices part_services = services;
    part_services.progress = [&, before = result.sims](std::uint64_t done, std::uint64_t) {
      services.progress(before + done, parts.first_sim(parts.count()) + parts.sims(parts.count()));
    };
    const IssueResult issued = [&] {
      try {
        return issue(order.part(number), part_services);
      } catch (const OrderRefused& why) {
        throw OrderRefused(fmt::format("part {} of {}: {}", number, parts.count(), why.what()));
      } catch (const Error& why) {
        std::string words = fmt::format("part {} of {}: {}", number, parts.count(), why.what());
        if (number > 1 && why.category() != Category::refused)
          words += fmt::format("; the parts before it are issued, and the same call goes on with part {}", number);
        throw Error(why.category(), words);
      }
    }();
    if (issued.already_issued) ++result.issued_before;
    result.provenance = worst(result.provenance, issued.provenance);
    result.sims += parts.sims(number);
    result.key_bytes += issued.key_bytes;
    leaves.push_back(merkle_leaf(sha256_of_file((issued.directory / issued.certificate).string())));
  }
  result.purpose = purpose_of(result.provenance);
  result.merkle_root = hex(merkle_root(leaves));
  write_order_certificate(order.directory(), order.certificate(result.provenance, result.merkle_root), order.signer());
  return result;
}

OrderRemainder remainder_of(const IssueRequest& request, std::uint64_t sims_a_part) {
  const auto ledger = rehearse_ledger(request.ledger, {.without_memory = request.without_ledger_memory});
  const WholeOrder order(request, sims_a_part);
  if (ledger != nullptr) require_same_cut(*ledger, order.id(), order.parts().count());
  require_own_directory(order);
  return order.remainder(ledger.get());
}

}  // namespace lightseed
