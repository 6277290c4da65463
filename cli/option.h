// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace lightseed::cli {

/// One option of a verb, as data: the parser, the help pages, the man pages and the completions are all made of it.
struct Option {
  std::string name;                    ///< "order-id", typed --order-id
  char letter = 0;                     ///< 'o' for -o; 0: none
  std::string value{};                 ///< what the value is called in help: "FILE", "N", "URI"; empty: a flag;
                                       ///< "[N]": a number that may be left out (the text is then empty), with
                                       ///< choices one of them
  std::string text{};                  ///< what it is for, one phrase
  std::string fallback{};              ///< the value when it is not given; empty: none
  bool required = false;               ///< the verb makes no sense without it
  bool many = false;                   ///< may be given several times, or as several positional arguments
  std::vector<std::string> choices{};  ///< the values there are, where they are few

  [[nodiscard]] bool is_flag() const noexcept { return value.empty(); }
};

}  // namespace lightseed::cli
