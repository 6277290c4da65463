// SPDX-License-Identifier: Apache-2.0
#include "provision/export/credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr unsigned fair_bytes = 250;  // each digit has 25 of them

constexpr bool is_decimal(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// They go into SQL, XML and JSON as they are.
void require_numbers(const BlockHeader& header) {
  const auto in_iccid = [](char c) { return is_decimal(c) || (c >= 'A' && c <= 'Z'); };
  if (header.iccid.size() < 18 || header.iccid.size() > 20 ||
      !std::all_of(header.iccid.begin(), header.iccid.end(), in_iccid)) {
    throw Error(Category::verdict, "a block's ICCID is not 18 to 20 letters and digits");
  }
  if (header.imsi.size() < 6 || header.imsi.size() > 15 ||
      !std::all_of(header.imsi.begin(), header.imsi.end(), is_decimal)) {
    throw Error(Category::verdict, fmt::format("the IMSI of ICCID {} is not 6 to 15 digits", header.iccid));
  }
}

/// Fills `out` with digits in ASCII; false when `bytes` do not suffice.
bool cut_digits(std::span<const std::byte> bytes, std::span<std::byte> out) noexcept {
  std::size_t made = 0;
  for (const std::byte byte : bytes) {
    const auto value = std::to_integer<unsigned>(byte);
    if (value >= fair_bytes) continue;
    out[made++] = static_cast<std::byte>('0' + value % 10);
    if (made == out.size()) return true;
  }
  return false;
}

}  // namespace

CredentialCutter::CredentialCutter(const ExportProfile& profile, std::optional<SecretBytes> op)
    : profile_(profile), op_(std::move(op)) {
  std::size_t room = OpcDerivation::bytes;
  for (const ExportField& field : profile_.fields) {
    if (field.name == "ki") ki_ = kinds_.size();
    if (op_ && (field.name == "op" || field.name == "opc")) {
      throw Error(Category::usage, fmt::format("the profile {} has a field {}, so no operator's OP is asked for",
                                               profile.name, field.name));
    }
    kinds_.push_back({field.name == "op" ? "opc" : field.name, field.kind, field.length});
    if (field.kind == ExportField::Kind::digits) room += field.length;
  }
  if (op_) {
    if (op_->size() != OpcDerivation::bytes || kinds_.at(ki_).length != OpcDerivation::bytes) {
      throw Error(Category::usage, "OPc is made of an OP and a ki of 16 bytes each (Milenage, 3GPP TS 35.206)");
    }
    kinds_.push_back({"opc", ExportField::Kind::key, OpcDerivation::bytes});
  }
  values_.resize(kinds_.size());
  made_ = SecretBytes(room);
}

std::optional<std::size_t> CredentialCutter::place_of(std::string_view name) const noexcept {
  const auto it = std::find_if(kinds_.begin(), kinds_.end(), [&](const CredentialKind& k) { return k.name == name; });
  if (it == kinds_.end()) return std::nullopt;
  return static_cast<std::size_t>(it - kinds_.begin());
}

void CredentialCutter::require_room(std::uint64_t block_bytes) const {
  for (const ExportField& field : profile_.fields) {
    if (field.first + field.block_bytes <= block_bytes) continue;
    throw Error(Category::usage,
                fmt::format("the profile {} cuts its field {} from bytes {} to {} of a SIM's block, and the batch has "
                            "blocks of {} bytes: issue it with more keys for each SIM, or take a shorter profile",
                            profile_.name, field.name, field.first, field.first + field.block_bytes, block_bytes));
  }
}

std::span<const std::byte> CredentialCutter::opc(std::span<const std::byte> op, std::span<const std::byte> keys) {
  const ExportField& ki = profile_.fields[ki_];
  const auto out = made_.bytes().first(OpcDerivation::bytes);
  derivation_.derive(keys.subspan(ki.first, ki.length), op, out);
  return out;
}

SimCredentials CredentialCutter::cut(const PackagedBlock& block) {
  require_numbers(block.header);
  require_room(block.keys.size());
  std::size_t used = OpcDerivation::bytes;
  for (std::size_t i = 0; i < profile_.fields.size(); ++i) {
    const ExportField& field = profile_.fields[i];
    const auto bytes = block.keys.subspan(field.first, field.block_bytes);
    if (field.kind == ExportField::Kind::digits) {
      const auto out = made_.bytes().subspan(used, field.length);
      used += field.length;
      if (!cut_digits(bytes, out)) {
        throw Error(Category::not_enough_data,
                    fmt::format("the bytes for {} of ICCID {} gave fewer than {} digits, which chance alone hardly "
                                "ever does; give this SIM another block",
                                field.name, block.header.iccid, field.length));
      }
      values_[i] = out;
    } else {
      values_[i] = field.name == "op" ? opc(bytes, block.keys) : bytes;
    }
  }
  if (op_) values_.back() = opc(op_->bytes(), block.keys);
  return {block.header.iccid, block.header.imsi, block.header.id, values_};
}

}  // namespace lightseed
