// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret_bytes.h"
#include "crypto/milenage.h"
#include "provision/export/profile.h"
#include "provision/key_package.h"

namespace lightseed {

/// A secret that every SIM of an export has.
struct CredentialKind {
  std::string name;  ///< that of a field; "opc" also where it follows from an OP
  ExportField::Kind kind;
  std::size_t length;  ///< bytes, or digits
};

/// What one SIM gets: views that live until the next SIM is cut.
struct SimCredentials {
  std::string_view iccid;  ///< 18 to 20 capital letters and digits
  std::string_view imsi;   ///< 6 to 15 digits
  std::array<std::byte, 16> block{};
  std::span<const std::span<const std::byte>> values;  ///< as CredentialCutter::kinds() names them; digits in ASCII
};

/// Cuts a SIM's credentials from its block, as the profile says.
///
/// Keys are bytes of the block as they are. A digit is a byte below 250 modulo 10; bytes from 250 on are passed over.
/// An OP is never handed out: in its place comes OPc (crypto/milenage.h), of the profile's OP or of the operator's.
class CredentialCutter {
 public:
  /// `op` is an operator's, for all SIMs; 16 bytes. Throws Error(usage) where the profile has an OP or OPc itself, or a
  /// K that Milenage does not take.
  explicit CredentialCutter(const ExportProfile& profile, std::optional<SecretBytes> op = std::nullopt);

  [[nodiscard]] const std::vector<CredentialKind>& kinds() const noexcept { return kinds_; }
  /// Place of a kind in kinds(), if it is there.
  [[nodiscard]] std::optional<std::size_t> place_of(std::string_view name) const noexcept;

  /// Throws Error(usage) naming the first field that does not fit into blocks of so many bytes.
  void require_room(std::uint64_t block_bytes) const;

  /// Throws as require_room(); Error(verdict) for an ICCID or IMSI that is none; Error(not_enough_data) when a field of
  /// digits ran out of bytes, which happens to one SIM in 2^60.
  [[nodiscard]] SimCredentials cut(const PackagedBlock& block);

 private:
  ExportProfile profile_;
  std::optional<SecretBytes> op_;
  std::vector<CredentialKind> kinds_;
  std::vector<std::span<const std::byte>> values_;
  SecretBytes made_;  ///< OPc, then the digits
  OpcDerivation derivation_;
  std::size_t ki_ = 0;  ///< its place

  [[nodiscard]] std::span<const std::byte> opc(std::span<const std::byte> op, std::span<const std::byte> keys);
};

}  // namespace lightseed
