// SPDX-License-Identifier: Apache-2.0
#include "evidence/assessment_record.h"

#include <algorithm>

namespace lightseed {
namespace {

constexpr DataView views[] = {DataView::literal, DataView::bitstring};
constexpr std::size_t most_estimates = 1000;

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const EstimateRecord& estimate) {
  Json json{{"id", estimate.id}, {"data", name_of(estimate.view)}};
  if (estimate.window) json["window_first"] = *estimate.window;
  if (estimate.not_run.empty()) {
    json["min_entropy"] = estimate.min_entropy;
  } else {
    json["min_entropy"] = nullptr;
    json["not_run"] = estimate.not_run;
  }
  for (const auto& [name, value] : estimate.numbers)
    std::visit([&, &key = name](auto number) { json[key] = number; }, value);
  return json;
}

EstimateRecord estimate_from(ObjectReader& reader) {
  EstimateRecord estimate;
  estimate.id = reader.text("id");
  estimate.view = take_enum(reader, "data", views);
  if (reader.has("window_first")) estimate.window = reader.count("window_first");
  if (reader.null("min_entropy")) {
    estimate.not_run = reader.text("not_run");
    if (estimate.not_run.empty()) reader.fail("not_run", "it gives no reason");
  } else {
    estimate.min_entropy = reader.number("min_entropy", 0, 8);
  }
  // Which numbers an estimator has, its own table knows (stats/sp800_90b); here they are numbers with names.
  for (const std::string& name : reader.untaken())
    estimate.numbers.emplace_back(name, reader.count_or_number(name));
  reader.finish();
  return estimate;
}

WindowsRecord windows_from(ObjectReader reader) {
  WindowsRecord windows{
      .samples = reader.count("samples", 1), .every = reader.count("every", 1), .count = reader.count("count")};
  if (windows.samples > windows.every) reader.fail("samples", "windows overlap");
  reader.finish();
  return windows;
}

void put_iid(const IidRecord& iid, Json& json) {
  json["seed"] = iid.seed;
  json["rounds"] = iid.rounds;
  json["full"] = iid.full;
}

IidRecord take_iid(ObjectReader& reader) {
  IidRecord iid{.seed = reader.count("seed"),
                .rounds = reader.count("rounds", 0, 1'000'000'000),
                .full = reader.flag("full"),
                .passed = reader.flag("passed"),
                .borderline = reader.flag("borderline"),
                .tests = {}};
  for (ObjectReader& test : reader.objects("tests", most_estimates))
    iid.tests.push_back(iid_test_from(test));
  return iid;
}

void check_binding(const AssessmentRecord& record, ObjectReader& reader) {
  const EstimateRecord* binding = record.binding();
  if (reader.null("binding")) {
    if (binding != nullptr) reader.fail("binding", "it is null, but an estimate is the smallest");
    return;
  }
  ObjectReader stated = reader.object("binding");
  const std::string id = stated.text("id");
  const DataView view = take_enum(stated, "data", views);
  stated.finish();
  if (binding == nullptr || id != binding->id || view != binding->view) {
    reader.fail("binding", "it is not the estimate that is the smallest");
  }
}

std::vector<unsigned> take_kept_bits(ObjectReader& reader) {
  std::vector<unsigned> kept;
  if (!reader.has("kept_bits")) return kept;
  for (const std::uint64_t bit : reader.counts("kept_bits", 0, 15))
    kept.push_back(static_cast<unsigned>(bit));
  if (kept.empty() || kept.size() > 8) reader.fail("kept_bits", "one to eight bits are kept");
  return kept;
}

AssessmentRecord take(ObjectReader& reader, bool may_refute) {
  AssessmentRecord record;
  const std::string track = reader.text("track");
  if (track != "non-iid" && track != "iid") reader.fail("track", "it is none of non-iid, iid");
  record.samples = reader.count("samples");
  record.width = static_cast<unsigned>(reader.count("bits", 1, 8));
  record.alphabet = static_cast<unsigned>(reader.count("alphabet", 0, 256));
  if (reader.has("data")) record.only = take_enum(reader, "data", views);
  if (reader.has("bit_limit")) record.bit_limit = reader.count("bit_limit", 1);
  if (reader.has("windows")) record.windows = windows_from(reader.object("windows"));
  record.h_original = reader.number_or_null("h_original");
  record.h_bitstring = reader.number_or_null("h_bitstring");
  record.min_entropy = reader.number("min_entropy", 0, 8);
  for (ObjectReader& estimate : reader.objects("estimators", most_estimates))
    record.estimates.push_back(estimate_from(estimate));
  record.kept_bits = take_kept_bits(reader);
  if (track == "iid") {
    record.iid = take_iid(reader);
    return record;
  }
  record.complete = reader.flag("complete");
  check_binding(record, reader);
  if (may_refute && reader.has("refuted_iid_claim")) {
    ObjectReader refuted = reader.object("refuted_iid_claim");
    record.refuted.push_back(take(refuted, false));
    refuted.finish();
    if (!record.refuted.front().iid) reader.fail("refuted_iid_claim", "it is not of the IID track");
  }
  return record;
}

}  // namespace

std::string_view name_of(DataView view) noexcept {
  return view == DataView::literal ? "literal" : "bitstring";
}

std::optional<double> EstimateRecord::number(std::string_view name) const {
  for (const auto& [key, value] : numbers) {
    if (key == name) return std::visit([](auto number) { return static_cast<double>(number); }, value);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> EstimateRecord::count(std::string_view name) const {
  for (const auto& [key, value] : numbers) {
    if (key == name && std::holds_alternative<std::uint64_t>(value)) return std::get<std::uint64_t>(value);
  }
  return std::nullopt;
}

const EstimateRecord* AssessmentRecord::binding() const noexcept {
  const EstimateRecord* best = nullptr;
  double least = 0;
  for (const EstimateRecord& estimate : estimates) {
    if (!estimate.not_run.empty()) continue;
    const double bits = estimate.view == DataView::literal ? estimate.min_entropy : width * estimate.min_entropy;
    if (best == nullptr || bits < least) {
      best = &estimate;
      least = bits;
    }
  }
  return best;
}

Json to_json(const AssessmentRecord& record) {
  Json json{{"track", record.iid ? "iid" : "non-iid"},
            {"samples", record.samples},
            {"bits", record.width},
            {"alphabet", record.alphabet}};
  if (record.iid) {
    put_iid(*record.iid, json);
  } else {
    json["complete"] = record.complete;
  }
  if (record.only) json["data"] = name_of(*record.only);
  if (record.bit_limit) json["bit_limit"] = *record.bit_limit;
  if (const auto& windows = record.windows) {
    json["windows"] = {{"samples", windows->samples}, {"every", windows->every}, {"count", windows->count}};
  }
  json["h_original"] = number_or_null(record.h_original);
  json["h_bitstring"] = number_or_null(record.h_bitstring);
  json["min_entropy"] = record.min_entropy;
  if (record.iid) {
    json["passed"] = record.iid->passed;
    json["borderline"] = record.iid->borderline;
  } else {
    const EstimateRecord* binding = record.binding();
    json["binding"] = binding == nullptr ? Json() : Json{{"id", binding->id}, {"data", name_of(binding->view)}};
  }
  Json estimates = Json::array();
  for (const EstimateRecord& estimate : record.estimates)
    estimates.push_back(to_json(estimate));
  json["estimators"] = std::move(estimates);
  if (record.iid) {
    Json tests = Json::array();
    for (const IidTestRecord& test : record.iid->tests)
      tests.push_back(to_json(test));
    json["tests"] = std::move(tests);
  }
  if (!record.kept_bits.empty()) json["kept_bits"] = record.kept_bits;
  if (!record.refuted.empty()) json["refuted_iid_claim"] = to_json(record.refuted.front());
  return json;
}

AssessmentRecord take_assessment(ObjectReader& reader) {
  return take(reader, true);
}

AssessmentRecord assessment_from(ObjectReader reader) {
  AssessmentRecord record = take(reader, true);
  reader.finish();
  return record;
}

}  // namespace lightseed
