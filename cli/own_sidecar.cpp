// SPDX-License-Identifier: Apache-2.0
#include "cli/own_sidecar.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "core/atomic_file.h"

namespace lightseed::cli {
namespace {

/// A side-car names its schema; whatever else happens to be called FILE.json does not.
bool names_our_schema(const std::filesystem::path& path) try {
  constexpr std::size_t limit = std::size_t{1} << 20;
  return read_text_file(path, limit).find("\"lightseed/capture/") != std::string::npos;
} catch (const Error&) {
  return false;
}

}  // namespace

std::optional<Sidecar> own_sidecar(const Context& context, const std::string& file) {
  const auto path = sidecar_path(file);
  std::error_code ignored;
  if (file == "-" || !std::filesystem::exists(path, ignored)) return std::nullopt;
  if (names_our_schema(path)) return read_sidecar(path);
  context.warn(fmt::format("{} is no side-car of a capture; it is left alone", path.string()));
  return std::nullopt;
}

}  // namespace lightseed::cli
