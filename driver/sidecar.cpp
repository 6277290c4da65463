#include "driver/sidecar.h"

#include <fmt/format.h>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/version.h"

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
  json["software"] = {{"name", "lightseed"}, {"version", version()}, {"commit", commit()}};
  return json;
}

Sidecar read_sidecar(const std::filesystem::path& path) try {
  const Json json = Json::parse(read_text_file(path, 1 << 20));
  if (json.at("schema") != schema) {
    throw Error(Category::io, fmt::format("{}: its schema is not {}", path.string(), schema));
  }
  Sidecar sidecar;
  const Json& source = json.at("source");
  sidecar.source.uri = source.at("uri").get<std::string>();
  sidecar.source.driver = source.at("driver").get<std::string>();
  sidecar.source.model = source.at("model").get<std::string>();
  sidecar.source.serial = source.at("serial").get<std::string>();
  sidecar.source.firmware = source.at("firmware").get<std::string>();
  const auto provenance = provenance_from(source.at("provenance").get<std::string>());
  if (!provenance) throw Error(Category::io, fmt::format("{}: unknown provenance", path.string()));
  sidecar.source.provenance = *provenance;
  sidecar.source.format = sample_format_from(source.at("format"));
  sidecar.source.claim = min_entropy_from(source.at("claim"));
  sidecar.source.nominal_rate = source.at("nominal_rate").get<double>();
  sidecar.source.parameters = source.at("parameters");
  sidecar.samples = json.at("samples").get<std::uint64_t>();
  sidecar.bytes = json.at("bytes").get<std::uint64_t>();
  sidecar.sha256 = json.at("sha256").get<std::string>();
  sidecar.created = json.at("created").get<std::string>();
  return sidecar;
} catch (const Json::exception& e) {
  throw Error(Category::io, fmt::format("{} is not a side-car of a capture: {}", path.string(), e.what()));
} catch (const Error& e) {
  if (e.category() != Category::usage) throw;
  throw Error(Category::io, fmt::format("{}: {}", path.string(), e.what()));
}

}  // namespace lightseed
