// SPDX-License-Identifier: Apache-2.0
#include "driver/sidecar.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/version.h"
#include "crypto/digest.h"
#include "evidence/hex_member.h"
#include "evidence/json_text.h"
#include "evidence/object_reader.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr const char* sidecar_schema = "lightseed/capture/v1";
constexpr std::size_t most_bytes = 1 << 20;
constexpr std::uint64_t most_captured_samples = std::uint64_t{1} << 56;  // their bytes are counted without a check
/// Side-cars in one folder that are looked at for a capture of another name.
constexpr std::size_t most_neighbours = 10'000;

SourceInfo source_from(ObjectReader json) {
  SourceInfo source = take_source_info(json);
  json.finish();
  return source;
}

Sidecar sidecar_from(ObjectReader json) {
  json.literal("schema", sidecar_schema);
  Sidecar sidecar;
  sidecar.source = source_from(json.object("source"));
  sidecar.samples = json.count("samples", 0, most_captured_samples);
  sidecar.bytes = json.count("bytes");
  sidecar.sha256 = take_sha256(json, "sha256");
  sidecar.created = json.text("created");
  if (json.has("restarts")) {
    ObjectReader matrix = json.object("restarts");
    sidecar.restarts = Sidecar::Restarts{matrix.count("rows", 1), matrix.count("columns", 1)};
    matrix.finish();
  }
  if (json.has("gaps")) {
    for (ObjectReader& gap : json.objects("gaps")) {
      sidecar.gaps.push_back({gap.count("after_samples", 0, sidecar.samples), gap.text("words")});
      gap.finish();
    }
  }
  if (json.has("ended_early")) sidecar.ended_early = json.text("ended_early");
  if (json.has("banner")) (void)json.text("banner");
  (void)json.free_object("software");
  json.finish();
  if (sidecar.source.format.bytes_for(sidecar.samples) != sidecar.bytes) {
    json.fail("bytes", fmt::format("{} samples of this format have {}", sidecar.samples,
                                   sidecar.source.format.bytes_for(sidecar.samples)));
  }
  return sidecar;
}

}  // namespace

fs::path sidecar_path(const fs::path& raw) {
  return raw.string() + ".json";
}

Json to_json(const Sidecar& sidecar) {
  Json json{{"schema", sidecar_schema}};
  if (const auto words = banner(sidecar.source.provenance); !words.empty()) json["banner"] = words;
  json["source"] = to_json(sidecar.source);
  json["samples"] = sidecar.samples;
  json["bytes"] = sidecar.bytes;
  json["sha256"] = sidecar.sha256;
  json["created"] = sidecar.created;
  if (sidecar.restarts) {
    json["restarts"] = {{"rows", sidecar.restarts->rows}, {"columns", sidecar.restarts->columns}};
  }
  for (const Sidecar::Gap& gap : sidecar.gaps)
    json["gaps"].push_back({{"after_samples", gap.after_samples}, {"words", gap.words}});
  if (!sidecar.ended_early.empty()) json["ended_early"] = sidecar.ended_early;
  json["software"] = {{"name", "lightseed"}, {"version", version()}, {"commit", commit()}};
  return json;
}

Sidecar read_sidecar(const fs::path& path) try {
  const std::string text = read_text_file(path, most_bytes);
  const Json json = parse_json(text, path.string(), {.bytes = most_bytes});
  return sidecar_from(ObjectReader(json, ""));
} catch (const Error& e) {
  if (e.category() != Category::usage && e.category() != Category::malformed) throw;
  throw Error(Category::io, fmt::format("{} is not the side-car of a capture: {}", path.string(), e.what()));
}

Provenance provenance_nearby(const fs::path& raw) {
  std::error_code error;
  const auto size = fs::file_size(raw, error);
  if (error) return Provenance::recorded;
  std::set<fs::path> folders;
  for (const fs::path& path : {fs::absolute(raw, error), fs::canonical(raw, error)})
    folders.insert(path.parent_path());
  Provenance worst_found = Provenance::recorded;
  std::string digest;
  for (const fs::path& folder : folders) {
    std::size_t seen = 0;
    fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (entry->path().extension() != ".json" || ++seen > most_neighbours) continue;
      try {
        const Sidecar other = read_sidecar(entry->path());
        if (other.source.provenance <= worst_found || other.bytes != size) continue;
        if (digest.empty()) digest = hex(sha256_of_file(raw));
        if (other.sha256 == digest) worst_found = worst(worst_found, other.source.provenance);
      } catch (const Error&) {
        // Some other JSON file: it says nothing of this one.
      }
    }
  }
  return worst_found;
}

}  // namespace lightseed
