// SPDX-License-Identifier: Apache-2.0
#include "provision/export/wrapped.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "crypto/aes_cipher.h"

namespace lightseed {
namespace {

class WrappedExport : public Exporter {
 public:
  explicit WrappedExport(const ExportSetting& setting) : out_(setting.out), kinds_(setting.credentials.kinds()) {
    for (const CredentialKind& kind : kinds_)
      middles_.push_back(fmt::format(",{},{},", kind.name, is_key(kind) ? "rfc3394" : "rfc5649"));
    // A token may have the one wrap and not the other.
    const AesKey& kek = setting.keys.aes("kek", aes_key_lengths);
    if (std::ranges::any_of(kinds_, is_key)) wrap_ = kek.cipher(AesCipher::Mode::wrap);
    if (!std::ranges::all_of(kinds_, is_key)) wrap_padded_ = kek.cipher(AesCipher::Mode::wrap_padded);
  }

  [[nodiscard]] std::vector<std::string> written() const override { return names_of(kinds_); }

  void begin(const CertifiedBatch&, std::uint64_t) override { out_.text("iccid,imsi,credential,wrap,blob\n"); }

  void write(const SimCredentials& sim) override {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      AesCipher& cipher = is_key(kinds_[i]) ? *wrap_ : *wrap_padded_;
      blob_.resize(cipher.encrypted_size(sim.values[i].size()));
      cipher.encrypt({}, sim.values[i], blob_);
      out_.text(sim.iccid).text(",").text(sim.imsi).text(middles_[i]).hex(blob_).text("\n");
    }
  }

  void end() override {}

 private:
  LockedText& out_;
  std::vector<CredentialKind> kinds_;
  std::unique_ptr<AesCipher> wrap_, wrap_padded_;
  std::vector<std::string> middles_;
  std::vector<std::byte> blob_;

  static bool is_key(const CredentialKind& kind) noexcept { return kind.kind == ExportField::Kind::key; }
};

}  // namespace

std::unique_ptr<Exporter> make_wrapped_export(const ExportSetting& setting) {
  return std::make_unique<WrappedExport>(setting);
}

}  // namespace lightseed
