#include "driver/sidecar.h"

#include <fmt/format.h>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/version.h"
#include "evidence/json_text.h"

namespace lightseed {
namespace {

constexpr const char* schema = "lightseed/capture/v1";

}  // namespace

std::filesystem::path sidecar_path(const std::filesystem::path& raw) {
  return raw.string() + ".json";
}

Json to_json(const Sidecar& sidecar) {
  Json json{{"schema", schema}};
  if (const auto words = banner(sidecar.source.provenance); !words.empty()) json["banner"] = words;
  json["source"] = to_json(sidecar.source);
  json["samples"] = sidecar.samples;
  json["bytes"] = sidecar.bytes;
  json["sha256"] = sidecar.sha256;
  json["created"] = sidecar.created;
  if (sidecar.restarts) json["restarts"] = {{"rows", sidecar.restarts->rows}, {"columns", sidecar.restarts->columns}};
  json["software"] = {{"name", "lightseed"}, {"version", version()}, {"commit", commit()}};
  return json;
}

Sidecar read_sidecar(const std::filesystem::path& path) {
  const Json json = parse_json(read_text_file(path, 1 << 20), path.string());
  ObjectReader reader(json, "");
  reader.literal("schema", schema);
  Sidecar sidecar;
  ObjectReader source = reader.object("source");
  sidecar.source = take_source_info(source);
  source.finish();
  if (const auto words = banner(sidecar.source.provenance); !words.empty()) reader.literal("banner", words);
  sidecar.samples = reader.count("samples");
  sidecar.bytes = reader.count("bytes");
  sidecar.sha256 = reader.text("sha256");
  sidecar.created = reader.text("created");
  (void)reader.free_object("software");
  if (reader.has("restarts")) {
    ObjectReader restarts = reader.object("restarts");
    sidecar.restarts = Restarts{.rows = restarts.count("rows", 1), .columns = restarts.count("columns", 1)};
    restarts.finish();
  }
  reader.finish();
  if (const auto digest = from_hex(sidecar.sha256); !digest || digest->size() != 32) {
    reader.fail("sha256", "it is no SHA-256");
  }
  return sidecar;
}

}  // namespace lightseed
