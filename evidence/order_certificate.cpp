// SPDX-License-Identifier: Apache-2.0
#include "evidence/order_certificate.h"

#include "evidence/hex_member.h"

namespace lightseed {
Json to_json(const OrderCertificate& certificate) {
  return Json{{"schema", order_certificate_schema},
              {"order", {{"id", certificate.order_id}, {"sha256", certificate.order_sha256}}},
              {"sims", certificate.sims},
              {"parts", certificate.parts},
              {"sims_a_part", certificate.sims_a_part},
              {"keys_per_sim", certificate.keys_per_sim},
              {"key_bytes", certificate.key_bytes},
              {"log2_epsilon", certificate.log2_epsilon},
              {"purpose", certificate.purpose},
              {"merkle_root", certificate.merkle_root},
              {"moment", certificate.moment}};
}

OrderCertificate order_certificate_from(ObjectReader reader) {
  reader.literal("schema", order_certificate_schema);
  OrderCertificate certificate;
  ObjectReader order = reader.object("order");
  certificate.order_id = order.text("id");
  certificate.order_sha256 = take_sha256(order, "sha256");
  order.finish();
  certificate.sims = reader.count("sims", 1);
  certificate.parts = reader.count("parts", 1, certificate.sims);
  certificate.sims_a_part = reader.count("sims_a_part", 1, certificate.sims);
  if (certificate.parts != (certificate.sims - 1) / certificate.sims_a_part + 1)
    reader.fail("parts", "so many SIMs do not make so many parts");
  certificate.keys_per_sim = reader.count("keys_per_sim", 1);
  certificate.key_bytes = reader.count("key_bytes", 1);
  certificate.log2_epsilon = reader.number("log2_epsilon", -10'000, 0);
  certificate.purpose = reader.text("purpose");
  if (certificate.purpose != "PRODUCTION" && certificate.purpose != "TEST")
    reader.fail("purpose", "it is neither PRODUCTION nor TEST");
  certificate.merkle_root = take_sha256(reader, "merkle_root");
  certificate.moment = reader.text("moment");
  reader.finish();
  return certificate;
}

}  // namespace lightseed
