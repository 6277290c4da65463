// SPDX-License-Identifier: Apache-2.0
#include "provision/export/pysim.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "crypto/aes_cipher.h"
#include "provision/export/columns.h"

namespace lightseed {
namespace {

/// pySim's own (CardKeyFieldCryptor).
constexpr std::array<std::byte, AesCipher::block_bytes> fixed_iv = [] {
  std::array<std::byte, AesCipher::block_bytes> iv{};
  iv.fill(std::byte{0x23});
  return iv;
}();

class PysimExport : public Exporter {
 public:
  explicit PysimExport(const ExportSetting& setting) : out_(setting.out) {
    const auto& kinds = setting.credentials.kinds();
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (kinds[i].kind == ExportField::Kind::key) columns_.push_back(column(setting, kinds[i], i));
    }
  }

  [[nodiscard]] std::vector<std::string> written() const override {
    std::vector<std::string> names;
    names.reserve(columns_.size());
    for (const Column& column : columns_)
      names.push_back(column.credential);
    return names;
  }

  void begin(const CertifiedBatch&, std::uint64_t) override {
    out_.text("ICCID,IMSI");
    for (const Column& column : columns_)
      out_.text(",").text(column.name);
    out_.text("\n");
  }

  void write(const SimCredentials& sim) override {
    out_.text(sim.iccid).text(",").text(sim.imsi);
    for (Column& column : columns_) {
      const auto plain = sim.values[column.place];
      const auto made = std::span(cipher_text_).first(plain.size());
      column.cipher->encrypt(fixed_iv, plain, made);
      out_.text(",").hex(made);
    }
    out_.text("\n");
  }

  void end() override {}

 private:
  struct Column {
    std::string name;
    std::string credential;
    std::size_t place;
    std::unique_ptr<AesCipher> cipher;
  };

  LockedText& out_;
  std::vector<Column> columns_;
  std::array<std::byte, 32> cipher_text_{};

  static Column column(const ExportSetting& setting, const CredentialKind& kind, std::size_t place) {
    if (kind.length % AesCipher::block_bytes != 0) {
      throw Error(
          Category::usage,
          fmt::format("the format pysim encrypts whole blocks of 16 bytes, and {} of the profile {} has {} bytes",
                      kind.name, setting.profile.name, kind.length));
    }
    const std::string_view group = transport_group(kind.name);
    const std::string use(setting.keys.has(kind.name) ? std::string_view(kind.name) : group);
    if (!setting.keys.has(use)) {
      throw Error(Category::usage,
                  fmt::format("the format pysim needs a transport key for {}, or for {}", group, kind.name));
    }
    const std::string upper = upper_case(kind.name);
    return {.name = group == "ota" ? fmt::format("{}_{}", setting.profile.pysim_key_set, upper) : upper,
            .credential = kind.name,
            .place = place,
            .cipher = setting.keys.aes(use, aes_key_lengths).cipher(AesCipher::Mode::cbc)};
  }
};

}  // namespace

std::unique_ptr<Exporter> make_pysim_export(const ExportSetting& setting) {
  return std::make_unique<PysimExport>(setting);
}

}  // namespace lightseed
