// SPDX-License-Identifier: Apache-2.0
#include "tests/makers/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/hex.h"
#include "tests/test_paths.h"

namespace lightseed::makers {
namespace {

unsigned number(const std::string& text, int base) {
  return static_cast<unsigned>(std::stoul(text, nullptr, base));
}

/// Words of bytes: hexadecimal, {braces} around what may differ, "counting:N", and "..." for more.
class BytesReader {
 public:
  explicit BytesReader(Recorded& into) : into_(into) {}

  void read(std::istream& words) {
    std::string word;
    while (words >> word)
      take(word);
  }

 private:
  Recorded& into_;
  bool own_ = false;

  void put(unsigned value) {
    into_.bytes.push_back(static_cast<std::byte>(value & 0xFFU));
    into_.own.push_back(own_);
  }

  void take(std::string word) {
    if (word == "...") {
      into_.more = true;
      return;
    }
    if (word.front() == '{') {
      own_ = true;
      word.erase(0, 1);
    }
    const bool ends = word.back() == '}';
    if (ends) word.pop_back();
    if (word.starts_with("counting:")) {
      const unsigned size = number(word.substr(9), 10);
      for (unsigned i = 0; i < size; ++i)
        put(i);
    } else {
      put(number(word, 16));
    }
    if (ends) own_ = false;
  }
};

Step step_from(const std::string& line) {
  Step step;
  std::istringstream words(line.substr(1));
  switch (line[0]) {
    case '>': step.kind = Step::Kind::sent; break;
    case '<': step.kind = Step::Kind::answered; break;
    case 'b': {
      step.kind = Step::Kind::baud;
      words >> step.baud;
      return step;
    }
    case 'c': {
      step.kind = Step::Kind::control;
      std::string type, request, value, index, length, colon;
      words >> type >> request >> value >> index >> length >> colon;
      step.setup = {static_cast<std::uint8_t>(number(type, 16)), static_cast<std::uint8_t>(number(request, 16)),
                    static_cast<std::uint16_t>(number(value, 16)), static_cast<std::uint16_t>(number(index, 16)),
                    static_cast<std::uint16_t>(number(length, 16))};
      break;
    }
    default: throw std::runtime_error("not a line of an exchange: " + line);
  }
  BytesReader(step.data).read(words);
  return step;
}

}  // namespace

bool Recorded::fits(const Bytes& other) const {
  if (other.size() != bytes.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (!own[i] && bytes[i] != other[i]) return false;
  return true;
}

std::vector<Step> recorded_exchange(const std::string& name) {
  const std::string path = std::string(test::data_folder()) + "/makers/" + name + ".exchange";
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    line.erase(line.find_last_not_of(' ') + 1);
    if (line.empty()) continue;
    // A line that continues the one before it.
    if (line[0] == '+' && !lines.empty()) {
      lines.back() += line.substr(1);
    } else {
      lines.push_back(line);
    }
  }
  if (lines.empty()) throw std::runtime_error("no exchange in " + path);
  std::vector<Step> exchange;
  exchange.reserve(lines.size());
  for (const std::string& line : lines)
    exchange.push_back(step_from(line));
  return exchange;
}

std::string words_for(const emulated::Setup& setup) {
  return fmt::format("{:02x} {:02x} {:04x} {:04x}", setup.type, setup.request, setup.value, setup.index);
}

std::string words_for(std::span<const std::byte> sent) {
  return "> " + hex(sent);
}

std::vector<std::string> sent_in(const std::vector<Step>& exchange) {
  std::vector<std::string> words;
  for (const Step& step : exchange) {
    if (step.kind == Step::Kind::control) words.push_back(words_for(step.setup));
    if (step.kind == Step::Kind::sent) words.push_back(words_for(step.data.bytes));
  }
  return words;
}

}  // namespace lightseed::makers
