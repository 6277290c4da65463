// SPDX-License-Identifier: Apache-2.0
#include "cli/verdict.h"

#include <ostream>

#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/hints.h"
#include "cli/printable.h"

namespace lightseed::cli {

int Findings::exit_code() const {
  if (!faults.empty()) return cli::exit_code(Category::verdict);
  return refusals.empty() ? 0 : cli::exit_code(Category::refused);
}

const char* Findings::word() const {
  if (!faults.empty()) return "INVALID";
  return refusals.empty() ? "VALID" : "REFUSED";
}

void Findings::show(std::ostream& out) const {
  for (const std::string& check : checks)
    out << "  " << Coloured{Colour::good, "ok"} << "     " << printable(check) << "\n";
  for (const std::string& notice : notices)
    out << "  " << Coloured{Colour::notice, "note"} << "   " << printable(notice, 2000) << "\n";
  for (const std::string& fault : faults)
    out << "  " << Coloured{Colour::bad, "FAULT"} << "  " << printable(fault, 2000) << "\n";
}

void Findings::show_refusals(std::ostream& out) const {
  for (const std::string& refusal : refusals)
    out << "  " << Coloured{Colour::notice, "POLICY"} << " " << printable(with_hint(refusal), 2000) << "\n";
}

void Findings::add_to(Json& body, const Policy& policy) const {
  body["checks"] = checks;
  body["notices"] = notices;
  body["faults"] = faults;
  body["refusals"] = refusals;
  body["floors"] = floors_of(policy);
}

}  // namespace lightseed::cli
