// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/fault_file.h"

#include <fmt/format.h>

#include "core/atomic_file.h"
#include "core/error.h"
#include "evidence/json_text.h"
#include "evidence/object_reader.h"

namespace lightseed::simulated {
namespace {

constexpr std::size_t most_bytes = 1 << 20;
constexpr std::size_t most_faults = 1000;

std::string entry_of(ObjectReader reader) {
  std::string text = reader.text("fault");
  if (text.empty() || text.find_first_of("@:;=") != std::string::npos) reader.fail("fault", "it is no fault's name");
  if (reader.has("start")) text += fmt::format("@{}", reader.count("start"));
  if (reader.has("duration")) text += fmt::format(":for={}", reader.count("duration", 1));
  if (reader.has("ramp")) text += fmt::format(":ramp={}", reader.count("ramp"));
  if (reader.has("magnitude")) text += fmt::format(":size={}", reader.number("magnitude"));
  if (reader.has("seed")) text += fmt::format(":seed={}", reader.count("seed", 1, 0xffffffff));
  reader.finish();
  return text;
}

}  // namespace

std::string fault_text_of(const std::filesystem::path& file) try {
  const Json json = parse_json(read_text_file(file, most_bytes), file.string(), {.bytes = most_bytes});
  ObjectReader reader(json, "");
  reader.literal("schema", "lightseed/faults/v1");
  std::string text;
  for (ObjectReader& entry : reader.objects("faults", most_faults))
    text += (text.empty() ? "" : ";") + entry_of(std::move(entry));
  reader.finish();
  return text.empty() ? "none" : text;
} catch (const Error& e) {
  if (e.category() != Category::malformed) throw;
  throw Error(Category::malformed, fmt::format("{} is no list of faults: {}", file.string(), e.what()));
}

}  // namespace lightseed::simulated
