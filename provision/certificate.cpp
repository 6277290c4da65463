// SPDX-License-Identifier: Apache-2.0
#include "provision/certificate.h"

#include <fmt/format.h>

#include "core/error.h"
#include "evidence/json_text.h"
#include "provision/edition_1/edition_1.h"
#include "provision/edition_2/edition_2.h"
#include "provision/edition_2/statement.h"

namespace lightseed {
namespace {

/// One row an edition. A row is added when a sentence, a member or a rule of the certificate changes; none ever goes.
struct Edition {
  std::string_view predicate_type;
  CertificateReading (*read)(const Json& statement, std::string_view body);
};

constexpr Edition editions[] = {{edition_1::predicate_type, edition_1::read},
                                {edition_2::predicate_type, edition_2::read}};

}  // namespace

CertificateReading read_certificate(std::string_view body) try {
  const Json statement = parse_json(body, "the certificate", {.bytes = largest_certificate});
  const std::string type = statement.is_object() ? statement.value("predicateType", "") : "";
  for (const Edition& edition : editions)
    if (type == edition.predicate_type) return edition.read(statement, body);
  throw Error(
      Category::verdict,
      fmt::format("the certificate is of no edition that this version knows (\"{:.60}\"); a newer Lightseed may",
                  type));
} catch (const Json::exception&) {
  throw Error(Category::verdict, "the certificate is for something else, not for a key batch");
} catch (const Error& error) {
  if (error.category() != Category::malformed) throw;
  throw Error(Category::verdict, fmt::format("the certificate is malformed: {}", error.what()));
}

std::string certificate_name(std::string_view batch) {
  return fmt::format("{}.certificate.json", batch);
}

}  // namespace lightseed
