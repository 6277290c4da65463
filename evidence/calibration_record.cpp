// SPDX-License-Identifier: Apache-2.0
#include "evidence/calibration_record.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "evidence/sample_format_json.h"

namespace lightseed {
namespace {

/// Of the optical power, of one level: one each 4,096 samples of the longest are a few of them.
constexpr std::uint64_t most_readings = std::uint64_t{1} << 24;
constexpr std::size_t most_levels = 64, most_parameters = 64, most_monitors = 32;

/// `{"values":[…]}`
template <typename List>
Json numbers(const List& list) {
  return Json{{"values", list}};
}

std::vector<double> take_numbers(ObjectReader& reader, std::string_view name, std::size_t wanted) {
  const Json whole = reader.free_object(name);
  if (whole.size() != 1 || !whole.contains("values") || !whole["values"].is_array())
    reader.fail(name, "it has not one list of values");
  std::vector<double> list;
  for (const Json& item : whole["values"]) {
    if (!item.is_number() || !std::isfinite(item.get<double>())) reader.fail(name, "it is no list of numbers");
    list.push_back(item.get<double>());
  }
  if (list.size() != wanted) reader.fail(name, "it has not as many numbers as it should");
  return list;
}

Json to_json(const CalibratedDevice& device) {
  return Json{{"driver", device.driver},
              {"model", device.model},
              {"serial", device.serial},
              {"firmware", device.firmware},
              {"provenance", name_of(device.provenance)},
              {"format", lightseed::to_json(device.format)},
              {"settings", device.settings}};
}

CalibratedDevice device_from(ObjectReader reader) {
  CalibratedDevice device;
  device.driver = reader.text("driver");
  device.model = reader.text("model");
  device.serial = reader.text("serial");
  device.firmware = reader.text("firmware");
  constexpr Provenance all[] = {Provenance::simulated, Provenance::recorded, Provenance::hardware};
  device.provenance = take_enum(reader, "provenance", all);
  device.format = sample_format_from(reader.object("format"));
  device.settings = reader.free_object("settings");
  reader.finish();
  return device;
}

Json to_json(const CalibrationPowerReading& power) {
  return Json{{"readings", power.readings}, {"mean", power.mean}, {"deviation", power.deviation}};
}

CalibrationPowerReading power_reading_from(ObjectReader reader) {
  CalibrationPowerReading power;
  power.readings = reader.count("readings", 1, most_readings);
  power.mean = reader.number("mean");
  power.deviation = reader.number("deviation", 0);
  reader.finish();
  return power;
}

Json to_json(const CalibrationLevel& level) {
  Json json{{"power", level.power},   {"samples", level.samples}, {"mean", level.mean},
            {"fourth", level.fourth}, {"ends", level.ends},       {"autocovariance", numbers(level.autocovariance)}};
  if (const auto& power = level.optical_power) json["optical_power"] = to_json(*power);
  return json;
}

CalibrationLevel level_from(ObjectReader reader) {
  CalibrationLevel level;
  level.power = reader.number("power", 0, 1);
  level.samples = reader.count("samples", 1);
  level.mean = reader.number("mean");
  level.fourth = reader.number("fourth", 0);
  level.ends = reader.number("ends", 0, 1);
  const auto values = take_numbers(reader, "autocovariance", calibration_lags + 1);
  constexpr double most = 0x1p32;  // of codes of 16 bits
  if (std::ranges::any_of(values, [](double value) { return std::abs(value) > most; }))
    reader.fail("autocovariance", "it is larger than that of any codes");
  std::copy(values.begin(), values.end(), level.autocovariance.begin());
  if (reader.has("optical_power")) level.optical_power = power_reading_from(reader.object("optical_power"));
  reader.finish();
  return level;
}

Json to_json(const CalibrationLimit& limit) {
  return Json{{"monitor", limit.monitor}, {"low", limit.low}, {"high", limit.high}, {"alpha_log2", limit.alpha_log2}};
}

CalibrationLimit limit_from(ObjectReader reader) {
  CalibrationLimit limit;
  limit.monitor = reader.text("monitor");
  limit.low = reader.number("low");
  limit.high = reader.number("high", limit.low);
  limit.alpha_log2 = reader.number("alpha_log2");
  reader.finish();
  return limit;
}

Json to_json(const CalibrationParameter& parameter) {
  return Json{
      {"name", parameter.name}, {"value", parameter.value}, {"error", parameter.error}, {"unit", parameter.unit}};
}

Json to_json(const DarkCheckUse& dark) {
  return Json{{"every", dark.every},       {"samples", dark.samples}, {"mean", dark.mean},
              {"variance", dark.variance}, {"fourth", dark.fourth},   {"lit_variance", dark.lit_variance}};
}

DarkCheckUse dark_check_from(ObjectReader reader) {
  DarkCheckUse dark;
  dark.every = reader.count("every", 1);
  dark.samples = reader.count("samples", 1);
  dark.mean = reader.number("mean");
  dark.variance = reader.number("variance", 0);
  dark.fourth = reader.number("fourth", 0);
  dark.lit_variance = reader.number("lit_variance", 0);
  reader.finish();
  return dark;
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items)
    list.push_back(to_json(item));
  return list;
}

std::vector<CalibrationLimit> limits_from(ObjectReader& reader) {
  std::vector<CalibrationLimit> limits;
  for (ObjectReader limit : reader.objects("monitors", most_monitors))
    limits.push_back(limit_from(std::move(limit)));
  return limits;
}

CalibrationParameter parameter_from(ObjectReader reader) {
  CalibrationParameter parameter;
  parameter.name = reader.text("name");
  parameter.value = reader.number("value");
  parameter.error = reader.number("error", 0);
  parameter.unit = reader.text("unit");
  reader.finish();
  return parameter;
}

Json to_json(const CalibrationReference& reference) {
  return Json{{"samples", reference.samples},
              {"memory", reference.memory},
              {"counts", reference.counts},
              {"correlation", numbers(reference.correlation)},
              {"spectrum", numbers(reference.spectrum)}};
}

CalibrationReference reference_from(ObjectReader reader, unsigned bits) {
  constexpr std::size_t frequencies = 2049;
  CalibrationReference reference;
  reference.samples = reader.count("samples", 1, std::uint64_t{1} << 40);
  reference.memory = reader.number("memory", 1);
  reference.counts = reader.counts("counts", 0, reference.samples);
  if (reference.counts.size() != std::size_t{1} << bits) reader.fail("counts", "it has not one number a code");
  std::uint64_t all = 0;
  for (const std::uint64_t count : reference.counts)
    all += count;
  if (all != reference.samples) reader.fail("counts", "they do not add up to the samples");
  reference.correlation = take_numbers(reader, "correlation", calibration_lags);
  reference.spectrum = take_numbers(reader, "spectrum", frequencies);
  reader.finish();
  return reference;
}

}  // namespace

Json to_json(const CalibrationRecord& record) {
  return Json{
      {"schema", calibration_schema},
      {"device", to_json(record.device)},
      {"created", record.created},
      {"valid_until", record.valid_until},
      {"software", record.software},
      {"noise", record.noise},
      {"bound", record.bound},
      {"levels", list_of(record.levels)},
      {"fit", {{"parameters", list_of(record.parameters)}, {"misfit", record.misfit}, {"freedom", record.freedom}}},
      {"claim", to_json(record.claim)},
      {"monitors", list_of(record.monitors)},
      {"status", record.status},
      {"reference", to_json(record.reference)}};
}

CalibrationRecord calibration_record_from(ObjectReader reader) {
  reader.literal("schema", calibration_schema);
  CalibrationRecord record;
  record.device = device_from(reader.object("device"));
  record.created = reader.text("created");
  record.valid_until = reader.text("valid_until");
  record.software = reader.text("software");
  record.noise = reader.text("noise");
  record.bound = reader.number("bound", 1, 10);
  for (ObjectReader level : reader.objects("levels", most_levels))
    record.levels.push_back(level_from(std::move(level)));
  ObjectReader fit = reader.object("fit");
  for (ObjectReader parameter : fit.objects("parameters", most_parameters))
    record.parameters.push_back(parameter_from(std::move(parameter)));
  record.misfit = fit.number("misfit", 0);
  record.freedom = fit.count("freedom");
  fit.finish();
  record.claim = min_entropy_from(reader.object("claim"));
  record.monitors = limits_from(reader);
  record.status = reader.free_object("status");
  record.reference = reference_from(reader.object("reference"), record.device.format.bits);
  reader.finish();
  return record;
}

Json to_json(const CalibrationUse& use) {
  Json json{{"sha256", use.sha256},
            {"created", use.created},
            {"valid_until", use.valid_until},
            {"used", use.used},
            {"signer", use.signer},
            {"bits_per_sample", use.bits_per_sample},
            {"monitors", list_of(use.monitors)}};
  if (const auto& dark = use.dark_check) json["dark_check"] = to_json(*dark);
  return json;
}

CalibrationUse calibration_use_from(ObjectReader reader) {
  CalibrationUse use;
  use.sha256 = reader.text("sha256");
  use.created = reader.text("created");
  use.valid_until = reader.text("valid_until");
  use.used = reader.text("used");
  use.signer = reader.text("signer");
  use.bits_per_sample = reader.number("bits_per_sample", 0, 16);
  use.monitors = limits_from(reader);
  if (reader.has("dark_check")) use.dark_check = dark_check_from(reader.object("dark_check"));
  reader.finish();
  return use;
}

}  // namespace lightseed
