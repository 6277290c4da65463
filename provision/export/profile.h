// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// One secret that a profile cuts from a SIM's block.
struct ExportField {
  enum class Kind {
    key,     ///< bytes as they are
    digits,  ///< decimal digits
  };
  std::string name;  ///< "ki", "opc", "kic1", "pin1", …
  Kind kind;
  std::size_t length;           ///< bytes of a key, or digits
  std::size_t first = 0;        ///< of its bytes in the block
  std::size_t block_bytes = 0;  ///< how many of the block's bytes it takes
};

/// What makes credentials of one-time key bytes, and how some formats lay them out (docs/exports.md). Card side and
/// network side hold the same block; with the same profile both cut the same secrets from it.
struct ExportProfile {
  std::string name;
  std::vector<ExportField> fields;  ///< in the order in which they are cut, without gaps

  std::string separator = ",";             ///< of the vendor files
  std::vector<std::string> elect_columns;  ///< of the vendor files; empty: what the fields give
  std::vector<std::string> server_columns;
  std::string pysim_key_set = "UICC_SCP03";  ///< in front of KIC1, …
  std::string azure_device_type{};           ///< empty: left out
  std::string azure_sim_policy{};            ///< resource id; empty: left out

  /// Bytes of the block that are cut. The others stay one-time keys.
  [[nodiscard]] std::size_t block_bytes() const noexcept;
};

/// Beside the bytes that are needed, each field of digits takes so many more: a byte from 250 on is thrown away, so
/// that no digit is likelier than another. That they do not suffice happens to one SIM in 2^60.
inline constexpr std::size_t spare_bytes_for_digits = 16;

/// A profile's text, read strictly. `name` stands for the file in sentences. Throws Error(malformed) with the path of
/// the member: what is no JSON, unknown and missing members, fields twice, impossible lengths, an OP or OPc beside a K
/// that Milenage does not take.
ExportProfile parse_export_profile(std::string_view text, std::string_view name);

/// The same from a file. Throws Error(io) too.
ExportProfile read_export_profile(const std::filesystem::path& path);

}  // namespace lightseed
