// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/emulated/serial_model.h"
#include "tests/makers/exchange.h"

namespace lightseed::makers {

/// A device that knows nothing but a recorded exchange: what was sent in it gets the answer it got then; the second
/// time, the second answer; when there is none left, the last one again. Whatever was never sent in it is a stranger's
/// word.
class RecordedDevice final : public emulated::SerialModel {
 public:
  explicit RecordedDevice(const std::vector<Step>& exchange) {
    for (std::size_t i = 0; i < exchange.size(); ++i) {
      if (exchange[i].kind != Step::Kind::sent) continue;
      const bool answered = i + 1 < exchange.size() && exchange[i + 1].kind == Step::Kind::answered;
      learn(exchange[i].data.bytes, answered ? exchange[i + 1].data.bytes : Bytes{});
    }
  }

  /// What was sent and is not in the exchange, in hexadecimal.
  [[nodiscard]] const std::vector<std::string>& strange() const noexcept { return strange_; }

  void receive(std::span<const std::byte> bytes, emulated::Clock::time_point) override {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    while (!heard_.empty()) {
      // The longest first: one request may begin as another does.
      Known* found = nullptr;
      bool may_become = false;
      for (Known& known : known_) {
        if (starts_with(heard_, known.request) && (!found || known.request.size() > found->request.size()))
          found = &known;
        may_become = may_become || starts_with(known.request, heard_);
      }
      if (!found && may_become) return;
      if (!found) {
        strange_.push_back(words_for(heard_));
        heard_.clear();
        return;
      }
      heard_.erase(heard_.begin(), heard_.begin() + std::ssize(found->request));
      const Bytes& answer = found->answers[std::min(found->asked, found->answers.size() - 1)];
      ++found->asked;
      out_.insert(out_.end(), answer.begin(), answer.end());
    }
  }

  Bytes send(std::size_t room, emulated::Clock::time_point) override {
    const auto end = out_.begin() + static_cast<std::ptrdiff_t>(std::min(room, out_.size()));
    Bytes part(out_.begin(), end);
    out_.erase(out_.begin(), end);
    return part;
  }

 private:
  struct Known {
    Bytes request;
    std::vector<Bytes> answers;
    std::size_t asked = 0;
  };
  std::vector<Known> known_;
  Bytes heard_, out_;
  std::vector<std::string> strange_;

  static bool starts_with(const Bytes& whole, const Bytes& part) {
    return whole.size() >= part.size() && std::equal(part.begin(), part.end(), whole.begin());
  }

  void learn(const Bytes& request, const Bytes& answer) {
    const auto it = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.request == request; });
    Known& known = it == known_.end() ? known_.emplace_back(Known{request, {}}) : *it;
    known.answers.push_back(answer);
  }
};

}  // namespace lightseed::makers
