// SPDX-License-Identifier: Apache-2.0
#include "provision/export/osmo_hlr.h"

#include <fmt/format.h>

#include "core/provenance.h"

namespace lightseed {
namespace {

constexpr std::size_t milenage_bytes = 16;
constexpr int milenage = 5;        // osmo-hlr's number of the algorithm
constexpr int ind_bit_length = 5;  // of SQN's index (3GPP TS 33.102, C.3.2), osmo-hlr's own default

class OsmoHlrExport : public Exporter {
 public:
  explicit OsmoHlrExport(const ExportSetting& setting)
      : out_(setting.out),
        k_(require_key(setting, "osmo-hlr", "ki", milenage_bytes)),
        opc_(require_key(setting, "osmo-hlr", "opc", milenage_bytes)) {}

  [[nodiscard]] std::vector<std::string> written() const override { return {"ki", "opc"}; }

  void begin(const CertifiedBatch& batch, std::uint64_t sims) override {
    out_.text(fmt::format("-- {} SIM{} of batch {}, for osmo-hlr. Read it with: sqlite3 -bail hlr.db < FILE\n", sims,
                          sims == 1 ? "" : "s", batch.id));
    if (const auto words = banner(batch.provenance); !words.empty()) out_.text(fmt::format("-- {}\n", words));
    out_.text("BEGIN;\n");
  }

  void write(const SimCredentials& sim) override {
    // The row of keys finds its subscriber by IMSI: were it the row that was inserted last, then after an error that
    // somebody's shell went past, keys would come to another subscriber.
    out_.text("INSERT INTO subscriber (imsi) VALUES ('").text(sim.imsi).text("');\n");
    out_.text(before_keys_).hex(sim.values[k_]).text("',NULL,'").hex(sim.values[opc_]).text(after_keys_);
    out_.text(sim.imsi).text("';\n");
  }

  void end() override { out_.text("COMMIT;\n"); }

 private:
  LockedText& out_;
  std::size_t k_, opc_;
  const std::string before_keys_ =
      fmt::format("INSERT INTO auc_3g (subscriber_id,algo_id_3g,k,op,opc,sqn,ind_bitlen) SELECT id,{},'", milenage);
  const std::string after_keys_ = fmt::format("',0,{} FROM subscriber WHERE imsi='", ind_bit_length);
};

}  // namespace

std::unique_ptr<Exporter> make_osmo_hlr_export(const ExportSetting& setting) {
  return std::make_unique<OsmoHlrExport>(setting);
}

}  // namespace lightseed
