// SPDX-License-Identifier: Apache-2.0
#include "cli/bit_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/hex.h"

namespace lightseed::cli {
namespace {

using stats::BitForm;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

}  // namespace

Option form_option() {
  return {.name = "form",
          .value = "FORM",
          .text = "how bits lie in the file; recognised unless told",
          .choices = {"packed", "digits", "bytes"}};
}

stats::BitForm form_of(const Context& context, std::span<const std::byte> beginning) {
  if (!context.has("form")) return stats::recognised_form(beginning);
  const std::string& name = context.text("form");
  for (const BitForm form : {BitForm::packed, BitForm::digits, BitForm::bytes}) {
    if (name == name_of(form)) return form;
  }
  throw Error(Category::usage, fmt::format("--form {}: there is no such form", name));
}

BitInput::BitInput(const Context& context, std::string name, std::optional<std::uint64_t> most_bytes,
                   std::function<void(std::uint64_t read, std::uint64_t of)> heard)
    : input_(name, context.stop),
      name_(std::move(name)),
      most_(most_bytes),
      heard_(std::move(heard)),
      piece_(piece_bytes) {
  refill();
  if (piece_.empty()) throw Error(Category::not_enough_data, fmt::format("{} is empty", name_));
  form_ = form_of(context, piece_);
  packer_.emplace(form_);
}

std::vector<std::byte> BitInput::next() {
  std::vector<std::byte> packed;
  while (packed.empty() && !piece_.empty() && given_ < most_.value_or(UINT64_MAX)) {
    packed = pack();
    refill();
  }
  if (most_ && packed.size() > *most_ - given_) packed.resize(*most_ - given_);
  given_ += packed.size();
  return packed;
}

void BitInput::describe(AuditRecord& audit) const {
  audit.file = name_;
  audit.form = name_of(form_);
  audit.sha256 = hex(digest_.digest());
  audit.bytes = read_;
  audit.whole = ended_ || input_.bytes() == read_;
  if (form_ != BitForm::packed && audit.whole && packer_->left_over() > 0) {
    audit.warnings.push_back(
        fmt::format("the last {} bits do not fill a byte and were left out", packer_->left_over()));
  }
}

std::vector<std::byte> BitInput::pack() {
  try {
    return packer_->add(piece_);
  } catch (const Error& error) {
    throw Error(error.category(), fmt::format("{}: {}", name_, error.what()));
  }
}

void BitInput::refill() {
  std::size_t got = 0;
  piece_.resize(piece_bytes);
  // A pipe gives little at a time; of a device no more is read than is wanted.
  const std::uint64_t wanted = most_ && form_ == BitForm::packed ? *most_ - std::min(*most_, read_) : UINT64_MAX;
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, wanted));
  while (got < room) {
    const std::size_t more = input_.read(std::span(piece_).subspan(got, room - got));
    if (more == 0) {
      ended_ = true;
      break;
    }
    got += more;
    heard_(read_ + got, most_ && form_ == BitForm::packed ? *most_ : expected());
  }
  piece_.resize(got);
  digest_.update(piece_);
  read_ += got;
}

}  // namespace lightseed::cli
