// SPDX-License-Identifier: Apache-2.0
#include "provision/key_file.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "provision/file_limits.h"

namespace lightseed {

std::optional<std::string> certified_bytes(const std::filesystem::path& path, const KeyFile& file) {
  // A file of another length is not read: it may be as long as somebody liked.
  std::error_code error;
  if (const auto size = std::filesystem::file_size(path, error); !error && size != file.bytes) return std::nullopt;
  std::string bytes = read_text_file(path, largest_key_file);
  if (bytes.size() != file.bytes || hex(sha256(bytes_of(bytes))) != file.sha256) return std::nullopt;
  return bytes;
}

std::string changed_words(const std::filesystem::path& path) {
  return fmt::format("{} was changed: its SHA-256 is not the certified one", path.string());
}

std::optional<std::string> fault_of_package(const ParsedKeyPackage& package, const KeyFile& file,
                                            const CertifiedBatch& batch) {
  if (package.batch == batch.id && package.key_bytes == batch.key_bytes && package.blocks.size() == file.blocks) {
    return std::nullopt;
  }
  return fmt::format("{} holds another batch, key size or number of blocks than certified", file.name);
}

}  // namespace lightseed
