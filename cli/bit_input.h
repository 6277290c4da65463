// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/raw_input.h"
#include "crypto/digest.h"
#include "evidence/audit_record.h"
#include "stats/audit/bit_form.h"

namespace lightseed::cli {

/// --form: how bits lie in a file.
Option form_option();

/// Its value, or what the beginning of a file looks like.
stats::BitForm form_of(const Context& context, std::span<const std::byte> beginning);

/// The bits of the input as they come: at most so many packed bytes, the digest of what was read.
class BitInput {
 public:
  /// `heard` is called as bytes come, however few: with how many have come, of how many (0: nobody knows).
  /// Throws Error(not_enough_data) for an empty input.
  BitInput(const Context& context, std::string name, std::optional<std::uint64_t> most_bytes,
           std::function<void(std::uint64_t read, std::uint64_t of)> heard);

  /// Nothing at the end.
  std::vector<std::byte> next();

  void describe(AuditRecord& audit) const;

  [[nodiscard]] stats::BitForm form() const noexcept { return form_; }
  [[nodiscard]] std::uint64_t read() const noexcept { return read_; }
  [[nodiscard]] std::uint64_t expected() const noexcept { return input_.bytes().value_or(0); }

 private:
  RawInput input_;
  std::string name_;
  std::optional<std::uint64_t> most_;  ///< packed bytes to give
  std::function<void(std::uint64_t, std::uint64_t)> heard_;
  std::vector<std::byte> piece_;  ///< read, not given yet; empty at the end
  stats::BitForm form_ = stats::BitForm::packed;
  std::optional<stats::BitPacker> packer_{};
  Sha256 digest_{};
  std::uint64_t read_ = 0;
  std::uint64_t given_ = 0;
  bool ended_ = false;

  std::vector<std::byte> pack();
  void refill();
};

}  // namespace lightseed::cli
