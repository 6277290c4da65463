// SPDX-License-Identifier: Apache-2.0
#include "cli/hints.h"

#include <fmt/format.h>

#include <string_view>

namespace lightseed::cli {
namespace {

/// What a sentence of a library advises, and how the command is told to do it.
struct Hint {
  std::string_view advice, option;
};

constexpr Hint hints[] = {
    {"install Lightseed's udev rules", "`lightseed devices --udev-rules` prints them"},
    {"is not the JSON of an assessment", "`lightseed assess FILE --json` prints it"},
    {"a plan takes the next", "`lightseed extract --plan` shows it"},
    {"or have what is over discarded", "--discard-tail"},
    {"try containers of 8 bits", "--container 8"},
    {"Then its samples have 1 bit", "--bits 1"},
    {"and is read as such", "--format raw takes its bytes as they are"},
    {"the form raw takes its bytes as they are", "--format raw"},
    {"as the first ones need", "--bits N tells"},
    {"say how many bits samples have", "--bits N"},
    {"nothing says whose signature counts", "--calibration-trust CRT"},
    {"restore its newest copy", "`lightseed ledger restore`"},
    {"whoever that is can release it", "`lightseed batch release`"},
    {"enter its release first", "`lightseed batch release DIR --trust CRT --ledger DB`"},
    {"have a head made since this one", "`lightseed ledger head --since`"},
    {"prove it again against this head", "`lightseed ledger prove --head`"},
    {"say that it may be used without", "`batch issue --accept-missing-head` does"},
    {"say that a new epoch begins all the same", "`ledger restore --accept-missing-head` does"},
    {"not the lower of claim and measurement", "--allow-calibrated-model accepts it"},
    {"cut it in the same way", "--part-sims, with as many SIMs as its parts have"},
    {"are assessed", "--keep chooses others"},
    {"is assessed", "--keep chooses others"},
    {"Numbers with a sign have a form of their own", "--format int16"},
    {"name the column", "--column"},
    {"read it in the form of digits", "--format digits"},
    {"of more than 8 bits in two bytes each", "--bits 10, or as many as they have"},
};

}  // namespace

std::string with_hint(const std::string& sentence) {
  for (const Hint& hint : hints)
    if (sentence.find(hint.advice) != std::string::npos) return fmt::format("{} ({})", sentence, hint.option);
  return sentence;
}

}  // namespace lightseed::cli
