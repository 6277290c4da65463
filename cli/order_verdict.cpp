// SPDX-License-Identifier: Apache-2.0
#include "cli/order_verdict.h"

#include <fmt/format.h>

#include <ostream>

#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/words.h"
#include "provision/verify_order.h"

namespace lightseed::cli {
namespace {

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
  body["checks"] = report.checks;
  body["notices"] = report.notices;
  body["faults"] = report.faults;
  body["refusals"] = report.refusals;
  body["floors"] = floors_of(policy);
  return body;
}

void show(const Context& context, const OrderVerifyReport& report, std::string_view verdict) {
  std::ostream& out = context.out();
  show_findings(context, report.checks, report.notices, report.faults);
  for (const std::string& refusal : report.refusals)
    out << "  " << Coloured{Colour::notice, "POLICY"} << " " << printable(refusal, 2000) << "\n";
  if (const auto words = banner(report.provenance); !words.empty()) out << words << "\n";
  const OrderCertificate& order = report.certificate;
  out << Coloured{verdict == "VALID" ? Colour::good : Colour::bad, verdict}
      << fmt::format(": order {} in {}, {} with {} of {}, purpose {}\n", printable(order.order_id),
                     counted(order.parts, "part"), counted(order.sims, "SIM"), counted(order.keys_per_sim, "key"),
                     counted(order.key_bytes, "byte"), printable(order.purpose));
}

}  // namespace

int verdict_code(const std::vector<std::string>& faults, const std::vector<std::string>& refusals) {
  if (!faults.empty()) return exit_code(Category::verdict);
  return refusals.empty() ? 0 : exit_code(Category::refused);
}

const char* verdict_word(int code) {
  if (code == 0) return "VALID";
  return code == exit_code(Category::refused) ? "REFUSED" : "INVALID";
}

void show_findings(const Context& context, const std::vector<std::string>& checks,
                   const std::vector<std::string>& notices, const std::vector<std::string>& faults) {
  std::ostream& out = context.out();
  for (const std::string& check : checks)
    out << "  " << Coloured{Colour::good, "ok"} << "     " << printable(check) << "\n";
  for (const std::string& notice : notices)
    out << "  " << Coloured{Colour::notice, "note"} << "   " << printable(notice, 2000) << "\n";
  for (const std::string& fault : faults)
    out << "  " << Coloured{Colour::bad, "FAULT"} << "  " << printable(fault, 2000) << "\n";
}

int verify_whole_order(const Context& context, const TrustAnchor& trust, VerifyRequest request) {
  const OrderVerifyReport report = [&] {
    Progress progress(context.console, "verifying");
    request.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total, "bytes"); };
    return verify_order(context.text("directory"), trust, request);
  }();
  const int code = verdict_code(report.faults, report.refusals);
  if (context.json()) {
    context.print_json("batch-verify-order", json_of(report, request.policy, verdict_word(code)));
  } else {
    show(context, report, verdict_word(code));
  }
  return code;
}

}  // namespace lightseed::cli
