// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "core/version.h"
#include "evidence/json_text.h"

namespace lightseed::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> list;
#define LIGHTSEED_ADD_VERB(name) list.push_back(name##_command());
    LIGHTSEED_VERBS(LIGHTSEED_ADD_VERB)
#undef LIGHTSEED_ADD_VERB
    return list;
  }();
  return all;
}

void Context::note(const std::string& line) const {
  if (!console.quiet) console.err() << line << "\n";
}

void Context::warn(const std::string& line) const {
  console.err() << line << "\n";
}

void Context::print_json(const std::string& schema, const Json& body) const {
  cli::print_json(console, schema, body);
}

void print_json(Console& console, const std::string& schema, const Json& body) {
  Json whole{{"schema", "lightseed/" + schema + "/v1"}, {"version", version()}};
  whole.update(body);
  console.bytes() << printable_json(json_text(whole, 1)) << "\n";
}

}  // namespace lightseed::cli
