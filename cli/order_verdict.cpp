// SPDX-License-Identifier: Apache-2.0
#include "cli/order_verdict.h"

#include <fmt/format.h>

#include <ostream>

#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/verdict.h"
#include "cli/words.h"
#include "core/error.h"
#include "provision/verify_order.h"

namespace lightseed::cli {
namespace {

Findings findings_of(const OrderVerifyReport& report) {
  return {report.checks, report.notices, report.faults, report.refusals};
}

Json json_of(const OrderVerifyReport& report, const Policy& policy, std::string_view verdict) {
  const OrderCertificate& order = report.certificate;
  Json body{{"verdict", verdict},
            {"order", order.order_id},
            {"purpose", order.purpose},
            {"provenance", name_of(report.provenance)}};
  if (const auto words = banner(report.provenance); !words.empty()) body["banner"] = words;
  body["parts"] = order.parts;
  body["parts_valid"] = report.parts_valid;
  body["sims"] = order.sims;
  body["keys_per_sim"] = order.keys_per_sim;
  body["key_bytes"] = order.key_bytes;
  body["merkle_root"] = order.merkle_root;
  body["log2_epsilon"] = order.log2_epsilon;
  findings_of(report).add_to(body, policy);
  return body;
}

void show_verdict(const Context& context, const OrderVerifyReport& report, std::string_view verdict) {
  std::ostream& out = context.out();
  findings_of(report).show(out);
  findings_of(report).show_refusals(out);
  if (const auto words = banner(report.provenance); !words.empty()) out << words << "\n";
  const OrderCertificate& order = report.certificate;
  out << Coloured{verdict == "VALID" ? Colour::good : Colour::bad, verdict}
      << fmt::format(": order {} in {}, {} with {} of {}, purpose {}\n", printable(order.order_id),
                     counted(order.parts, "part"), counted(order.sims, "SIM"), counted(order.keys_per_sim, "key"),
                     counted(order.key_bytes, "byte"), printable(order.purpose));
}

}  // namespace

int verify_whole_order(const Context& context, const TrustAnchor& trust, VerifyRequest request) {
  if (request.previous)
    throw Error(Category::usage, "--previous is asked of one batch: name a part of the order, such as DIR/part-00001");
  const OrderVerifyReport report = [&] {
    Progress progress(context.console, "verifying");
    request.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total, "bytes"); };
    return verify_order(context.text("directory"), trust, request);
  }();
  const char* const verdict = findings_of(report).word();
  if (context.json()) {
    context.print_json("batch-verify-order", json_of(report, request.policy, verdict));
  } else {
    show_verdict(context, report, verdict);
  }
  return findings_of(report).exit_code();
}

}  // namespace lightseed::cli
