// SPDX-License-Identifier: Apache-2.0
#include "cli/man_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "core/version.h"

namespace lightseed::cli {
namespace {

/// Text as roff reads it: backslashes and hyphens mean themselves, no line is a request.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out = roff(text);
  for (std::string::size_type at = 0; (at = out.find('\n', at)) != std::string::npos; at += 5)
    out.replace(at, 1, "\n.PP\n");
  return out;
}

std::string option_entries(const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    text += ".TP\n";
    if (option.letter != 0) text += fmt::format("\\fB\\-{}\\fR, ", option.letter);
    text += fmt::format("\\fB\\-\\-{}\\fR", roff(option.name));
    if (!option.is_flag()) text += fmt::format(" \\fI{}\\fR", roff(option.value));
    text += "\n" + roff(option.text);
    if (!option.choices.empty())
      text += fmt::format("{}{}", option.text.empty() ? "" : ": ",
                          roff(fmt::format("{}", fmt::join(option.choices, ", "))));
    if (option.required) text += " (needed)";
    if (!option.fallback.empty()) text += fmt::format(" (default: {})", roff(option.fallback));
    text += "\n";
  }
  return text;
}

}  // namespace

std::string man_page() {
  std::string text = fmt::format(
      ".TH LIGHTSEED 1 \"\" \"lightseed {}\" \"User Commands\"\n"
      ".SH NAME\nlightseed \\- quantum randomness to certified SIM keys\n"
      ".SH SYNOPSIS\n\\fBlightseed\\fR \\fIVERB\\fR [\\fIoptions\\fR]\n.br\n\\fBlightseed help\\fR [\\fIVERB\\fR]\n"
      ".SH DESCRIPTION\n"
      "Reads raw samples of quantum random number generators, or of simulated ones, watches and assesses them by NIST "
      "SP\n"
      "800\\-90B, extracts almost uniform bits, and makes one\\-time keys for SIM cards of them, with a certificate "
      "that "
      "says\nhow they came to be.\n.SH VERBS\n",
      roff(version()));
  for (const Command& command : commands()) {
    text += fmt::format(".SS \"lightseed {}\"\n{}.\n.PP\n{}\n{}.PP\nExamples:\n.PP\n.nf\n", roff(command.name),
                        roff(command.summary), paragraphs(command.description), option_entries(command.options));
    for (const std::string& example : command.examples)
      text += "    " + roff(example) + "\n";
    text += ".fi\n";
  }
  text += ".SH \"OPTIONS OF EVERY VERB\"\n" + option_entries(common_options());
  text += ".SH \"EXIT STATUS\"\n";
  for (const ExitCode& code : exit_codes)
    text += fmt::format(".TP\n{}\n{}\n", code.code, roff(code.meaning));
  text +=
      ".SH ENVIRONMENT\n"
      ".TP\nNO_COLOR\nverdicts have no colour on a terminal when this is set and not empty\n"
      ".TP\nLIGHTSEED_TARGET\nforces an instruction set: portable, 128, 256 or 512\n"
      ".SH \"SEE ALSO\"\nNIST SP 800\\-90B, SP 800\\-90C, RFC 5083, RFC 6031\n";
  return text;
}

}  // namespace lightseed::cli
