// SPDX-License-Identifier: Apache-2.0
#include "driver/oracle_file.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <string>
#include <vector>

#include "core/error.h"
#include "evidence/json_text.h"

namespace lightseed {
namespace {

constexpr std::array<const char*, 6> names_of_causes{"photon", "dark", "afterpulse", "crosstalk", "noise", "fault"};

/// With its padding and its line's end.
std::string header_of(const SourceInfo& info, const Explained& explained) {
  const Json header{{"schema", "lightseed/oracle/v1"},
                    {"banner", banner(info.provenance)},
                    {"source", info.uri},
                    {"record_bytes", OracleFile::record_bytes},
                    {"causes", names_of_causes},
                    {"faults", explained.fault_names()}};
  std::string line = json_text(header);
  line.append(OracleFile::record_bytes - 1 - line.size() % OracleFile::record_bytes, ' ');
  return line + '\n';
}

template <typename Number>
void put(std::byte*& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    *out++ = static_cast<std::byte>(number >> (8 * i) & 0xff);
}

Explained& explained_of(Source& source) {
  auto* const explained = dynamic_cast<Explained*>(&source);
  if (explained != nullptr) return *explained;
  throw Error(Category::usage, fmt::format("{}: only a simulated source knows what made its samples, and this one "
                                           "does not say",
                                           source.info().uri));
}

}  // namespace

OracleFile::OracleFile(const std::filesystem::path& path, Source& source) : file_(path, AtomicFile::Mode::open) {
  Explained& explained = explained_of(source);
  file_.write(header_of(source.info(), explained));
  explained.explain_to([this](std::span<const Trace> traces) { write(traces); });
}

void OracleFile::write(std::span<const Trace> traces) {
  std::vector<std::byte> records(traces.size() * record_bytes);
  std::byte* out = records.data();
  for (const Trace& trace : traces) {
    put(out, std::bit_cast<std::uint64_t>(trace.classical));
    put(out, trace.guess);
    put(out, static_cast<std::uint16_t>(trace.cause));
    put(out, trace.faults);
  }
  file_.write(records);
  samples_ += traces.size();
}

AtomicFile& OracleFile::explaining(std::uint64_t samples) {
  if (samples_ != samples) {
    throw Error(Category::internal, fmt::format("the oracle explained {} samples of {}", samples_, samples));
  }
  return file_;
}

}  // namespace lightseed
