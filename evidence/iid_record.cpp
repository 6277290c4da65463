// SPDX-License-Identifier: Apache-2.0
#include "evidence/iid_record.h"

namespace lightseed {
namespace {

Json figures_of(const std::string& id, const ChiSquareFigures& x) {
  return {{"id", id}, {"t", x.t}, {"df", x.df}, {"p", x.p}};
}

Json figures_of(const std::string& id, const LongestRepeatFigures& x) {
  return {{"id", id}, {"p_col", x.p_col}, {"w", x.w}, {"p", x.p}};
}

Json figures_of(const std::string& id, const PermutationFigures& x) {
  return {{"id", id}, {"original", x.original}, {"c0", x.c0}, {"c1", x.c1}, {"c2", x.c2}};
}

Json figures_of(const std::string& id, const NotRunFigures& x) {
  return {{"id", id}, {"original", x.original}, {"not_run", x.why}};
}

}  // namespace

Json to_json(const IidTestRecord& test) {
  Json json = std::visit([&](const auto& figures) { return figures_of(test.id, figures); }, test.figures);
  if (!std::holds_alternative<NotRunFigures>(test.figures)) {
    json["passed"] = test.passed;
    json["borderline"] = test.borderline;
  }
  return json;
}

IidTestRecord iid_test_from(ObjectReader& reader) {
  IidTestRecord test;
  test.id = reader.text("id");
  if (reader.has("t")) {
    test.figures = ChiSquareFigures{
        .t = reader.number("t", 0), .df = reader.whole("df", 0, 1'000'000'000), .p = reader.number("p", 0, 1)};
  } else if (reader.has("w")) {
    test.figures = LongestRepeatFigures{
        .p_col = reader.number("p_col", 0, 1 + 1e-9), .w = reader.count("w"), .p = reader.number("p", 0, 1)};
  } else if (reader.has("c0")) {
    constexpr std::uint64_t most = 1'000'000'000;
    test.figures = PermutationFigures{.original = reader.number("original"),
                                      .c0 = reader.count("c0", 0, most),
                                      .c1 = reader.count("c1", 0, most),
                                      .c2 = reader.count("c2", 0, most)};
  } else {
    test.figures = NotRunFigures{.original = reader.number("original"), .why = reader.text("not_run")};
  }
  if (!std::holds_alternative<NotRunFigures>(test.figures)) {
    test.passed = reader.flag("passed");
    test.borderline = reader.flag("borderline");
  }
  reader.finish();
  return test;
}

}  // namespace lightseed
