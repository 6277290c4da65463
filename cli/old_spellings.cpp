// SPDX-License-Identifier: Apache-2.0
#include "cli/old_spellings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace lightseed::cli {
namespace {

using Words = std::vector<std::string>;

/// An option of old, and what says the same today.
struct OldOption {
  std::string_view verb;    ///< the verb that took it; several by their common beginning
  std::string_view option;  ///< "--cutoffs"
  std::string_view today;   ///< the verb it became; empty: the verb stays
  bool with_value;
  std::function<Words(const std::string& value)> words;  ///< the arguments that replace it
};

const std::vector<OldOption>& old_options() {
  const auto nothing = [](const std::string&) { return Words{}; };
  const auto epsilon = [](const std::string& log2) { return Words{"--epsilon", "2^" + log2}; };
  static const std::vector<OldOption> table{
      {"assess", "--cutoffs", "assess cutoffs", false, nothing},
      {"assess", "--iid", "assess iid", false, nothing},
      {"assess", "--restart", "assess restart", false,
       [](const std::string& matrix) {
         return matrix.empty() ? Words{} : Words{"--matrix", matrix};
       }},
      {"assess", "--conditioning", "assess conditioning", true,
       [](const std::string& sizes) {
         return Words{"--sizes", sizes};
       }},
      {"generate", "--log2-epsilon", "", true, epsilon},
      {"batch issue", "--log2-epsilon", "", true, epsilon},
      {"batch verify", "--most-log2-epsilon", "", true,
       [](const std::string& log2) {
         return Words{"--most-epsilon", "2^" + log2};
       }},
      {"extract", "--entropy", "", true,
       [](const std::string& entropy) {
         return Words{"--claim", entropy, "--bits", "1"};
       }},
  };
  return table;
}

}  // namespace

std::vector<std::string> translate_old_spellings(std::string& verb, std::vector<std::string>& arguments) {
  std::vector<std::string> hints;
  const std::string typed = verb;
  Words today;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") {
      today.insert(today.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    const std::size_t equals = word.find('=');
    const auto& table = old_options();
    const auto old = std::find_if(table.begin(), table.end(), [&](const OldOption& o) {
      return o.verb == typed && o.option == std::string_view(word).substr(0, equals);
    });
    if (old == table.end()) {
      today.push_back(word);
      continue;
    }
    std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    std::string said = word;
    if (old->with_value && equals == std::string::npos && i + 1 < arguments.size()) {
      value = arguments[++i];
      said += " " + value;
    }
    const Words words = old->words(value);
    if (!old->today.empty()) verb = old->today;
    today.insert(today.end(), words.begin(), words.end());
    hints.push_back(fmt::format("`{}{}` is now written `{}{}{}`", old->today.empty() ? "" : typed + " ", said,
                                old->today, old->today.empty() || words.empty() ? "" : " ",
                                fmt::format("{}", fmt::join(words, " "))));
  }
  arguments = std::move(today);
  return hints;
}

}  // namespace lightseed::cli
