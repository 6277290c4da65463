// SPDX-License-Identifier: Apache-2.0
#include "provision/export/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/atomic_file.h"
#include "core/error.h"
#include "evidence/json_text.h"
#include "evidence/object_reader.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_file = 64 * 1024;
constexpr std::size_t most_fields = 64;

/// The secrets that some format has a place for, with the lengths each may have.
struct Known {
  std::string_view name;
  ExportField::Kind kind;
  std::array<std::size_t, 3> lengths;  ///< of keys: these; of digits: from, to
};

constexpr auto as_key = ExportField::Kind::key;
constexpr auto as_digits = ExportField::Kind::digits;

// PINs have 4 to 8 digits, PUKs 8 (ETSI TS 102 221, 9.5.1); ADM keys that are typed in, too. K has 128 or 256 bits
// (3GPP TS 33.501, 6.1.1.2), OTA keys are those of AES (ETSI TS 102 225).
constexpr Known known_fields[] = {
    {"ki", as_key, {16, 32}},       {"op", as_key, {16}},           {"opc", as_key, {16}},
    {"kic1", as_key, {16, 24, 32}}, {"kid1", as_key, {16, 24, 32}}, {"kik1", as_key, {16, 24, 32}},
    {"kic2", as_key, {16, 24, 32}}, {"kid2", as_key, {16, 24, 32}}, {"kik2", as_key, {16, 24, 32}},
    {"kic3", as_key, {16, 24, 32}}, {"kid3", as_key, {16, 24, 32}}, {"kik3", as_key, {16, 24, 32}},
    {"pin1", as_digits, {4, 8}},    {"puk1", as_digits, {8, 8}},    {"pin2", as_digits, {4, 8}},
    {"puk2", as_digits, {8, 8}},    {"adm1", as_digits, {8, 8}},    {"adm6", as_digits, {8, 8}}};

std::string all_names() {
  std::string names;
  for (const Known& one : known_fields)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
  return names;
}

ExportField read_field(ObjectReader reader) {
  const std::string name = reader.text("name");
  const auto* const it =
      std::find_if(std::begin(known_fields), std::end(known_fields), [&](const Known& k) { return k.name == name; });
  if (it == std::end(known_fields)) reader.fail("name", fmt::format("it is none of {}", all_names()));
  ExportField field{.name = name, .kind = it->kind, .length = 0};
  if (field.kind == as_key) {
    field.length = reader.count("bytes");
    if (std::find(it->lengths.begin(), it->lengths.end(), field.length) == it->lengths.end() || field.length == 0) {
      std::string lengths;
      for (const std::size_t length : it->lengths)
        if (length > 0) lengths += fmt::format("{}{}", lengths.empty() ? "" : " or ", length);
      reader.fail("bytes", fmt::format("{} is no length of {}, which has {} bytes", field.length, name, lengths));
    }
    field.block_bytes = field.length;
  } else {
    field.length = reader.count("digits", it->lengths[0], it->lengths[1]);
    field.block_bytes = field.length + spare_bytes_for_digits;
  }
  reader.finish();
  return field;
}

const ExportField* find_field(const std::vector<ExportField>& fields, std::string_view name) {
  const auto it = std::find_if(fields.begin(), fields.end(), [&](const ExportField& f) { return f.name == name; });
  return it == fields.end() ? nullptr : &*it;
}

void read_fields(ObjectReader& reader, std::vector<ExportField>& fields) {
  std::size_t first = 0;
  for (ObjectReader& one : reader.objects("fields", most_fields)) {
    ExportField field = read_field(one);
    if (find_field(fields, field.name) != nullptr) one.fail("name", fmt::format("{} is there twice", field.name));
    field.first = first;
    first += field.block_bytes;
    fields.push_back(std::move(field));
  }
  const ExportField* const ki = find_field(fields, "ki");
  if (ki == nullptr) reader.fail("fields", "none is ki");
  const bool op = find_field(fields, "op") != nullptr, opc = find_field(fields, "opc") != nullptr;
  if (op && opc) reader.fail("fields", "op and opc are both there; OPc follows from OP and K, or is drawn by itself");
  if ((op || opc) && ki->length != 16) {
    reader.fail("fields", "op and opc are Milenage's, which takes a ki of 16 bytes (3GPP TS 35.206)");
  }
}

/// Text that goes into files between separators, quotation marks and angle brackets.
std::string plain_text(ObjectReader& reader, std::string_view name, std::size_t most) {
  std::string text = reader.text(name);
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '<' && c != '&'; };
  if (text.empty() || text.size() > most || !std::all_of(text.begin(), text.end(), is_plain)) {
    reader.fail(name, fmt::format(R"(it is not 1 to {} printable ASCII characters without ", \, < and &)", most));
  }
  return text;
}

void read_vendor(ObjectReader reader, ExportProfile& profile) {
  if (reader.has("separator")) {
    profile.separator = plain_text(reader, "separator", 4);
    // What stands in a number would cut it in two.
    const auto in_numbers = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    if (std::any_of(profile.separator.begin(), profile.separator.end(), in_numbers)) {
      reader.fail("separator", "it has a letter or a digit");
    }
  }
  if (reader.has("elect")) profile.elect_columns = reader.texts("elect");
  if (reader.has("server")) profile.server_columns = reader.texts("server");
  reader.finish();
}

void read_pysim(ObjectReader reader, ExportProfile& profile) {
  profile.pysim_key_set = reader.text("key_set");
  if (profile.pysim_key_set != "UICC_SCP02" && profile.pysim_key_set != "UICC_SCP03") {
    reader.fail("key_set", "it is none of UICC_SCP02, UICC_SCP03");
  }
  reader.finish();
}

void read_azure(ObjectReader reader, ExportProfile& profile) {
  if (reader.has("device_type")) profile.azure_device_type = plain_text(reader, "device_type", 100);
  if (reader.has("sim_policy")) profile.azure_sim_policy = plain_text(reader, "sim_policy", 500);
  reader.finish();
}

}  // namespace

std::size_t ExportProfile::block_bytes() const noexcept {
  return fields.empty() ? 0 : fields.back().first + fields.back().block_bytes;
}

ExportProfile parse_export_profile(std::string_view text, std::string_view name) {
  try {
    const Json json = parse_json(text, "the text", {.bytes = largest_file});
    ObjectReader reader(json, {});
    reader.literal("schema", "lightseed/export-profile/v1");
    ExportProfile profile;
    profile.name = plain_text(reader, "name", 64);
    read_fields(reader, profile.fields);
    if (reader.has("vendor")) read_vendor(reader.object("vendor"), profile);
    if (reader.has("pysim")) read_pysim(reader.object("pysim"), profile);
    if (reader.has("azure")) read_azure(reader.object("azure"), profile);
    reader.finish();
    return profile;
  } catch (const Error& error) {
    if (error.category() != Category::malformed) throw;
    throw Error(Category::malformed, fmt::format("the profile {}: {}", name, error.what()));
  }
}

ExportProfile read_export_profile(const std::filesystem::path& path) {
  return parse_export_profile(read_text_file(path, largest_file), path.string());
}

}  // namespace lightseed
