// SPDX-License-Identifier: Apache-2.0
#include "provision/export/wrapped.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "crypto/aes.h"

namespace lightseed {
namespace {

class WrappedExport : public Exporter {
 public:
  explicit WrappedExport(const ExportSetting& setting)
      : out_(setting.out),
        kinds_(setting.credentials.kinds()),
        wrap_(Aes::Mode::wrap, setting.keys.aes("kek", aes_key_lengths).bytes()),
        wrap_padded_(Aes::Mode::wrap_padded, setting.keys.aes("kek", aes_key_lengths).bytes()) {
    for (const CredentialKind& kind : kinds_)
      middles_.push_back(fmt::format(",{},{},", kind.name, is_key(kind) ? "rfc3394" : "rfc5649"));
  }

  [[nodiscard]] std::vector<std::string> written() const override { return names_of(kinds_); }

  void begin(const CertifiedBatch&, std::uint64_t) override { out_.text("iccid,imsi,credential,wrap,blob\n"); }

  void write(const SimCredentials& sim) override {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      Aes& cipher = is_key(kinds_[i]) ? wrap_ : wrap_padded_;
      blob_.resize(cipher.encrypted_size(sim.values[i].size()));
      cipher.encrypt({}, sim.values[i], blob_);
      out_.text(sim.iccid).text(",").text(sim.imsi).text(middles_[i]).hex(blob_).text("\n");
    }
  }

  void end() override {}

 private:
  LockedText& out_;
  std::vector<CredentialKind> kinds_;
  Aes wrap_, wrap_padded_;
  std::vector<std::string> middles_;
  std::vector<std::byte> blob_;

  static bool is_key(const CredentialKind& kind) noexcept { return kind.kind == ExportField::Kind::key; }
};

}  // namespace

std::unique_ptr<Exporter> make_wrapped_export(const ExportSetting& setting) {
  return std::make_unique<WrappedExport>(setting);
}

}  // namespace lightseed
