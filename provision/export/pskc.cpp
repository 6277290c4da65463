// SPDX-License-Identifier: Apache-2.0
#include "provision/export/pskc.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "core/provenance.h"
#include "core/system_random.h"
#include "crypto/cbc_with_mac.h"

namespace lightseed {
namespace {

constexpr std::size_t mac_key_bytes = 20;  // as long as what HMAC-SHA1 makes

/// Text between tags. What can stand in a profile's or key's name is narrower; this does not rely on it.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

SecretBytes drawn_mac_key() {
  SecretBytes key(mac_key_bytes);
  system_random(key.bytes());
  return key;
}

class PskcExport : public Exporter {
 public:
  explicit PskcExport(const ExportSetting& setting)
      : out_(setting.out),
        kinds_(setting.credentials.kinds()),
        key_name_(setting.keys.name("kek")),
        key_bytes_(setting.keys.aes("kek", aes_key_lengths).bytes()),
        mac_key_(drawn_mac_key()),
        cipher_(setting.keys.aes("kek", aes_key_lengths).cipher(AesCipher::Mode::cbc_padded), mac_key_.bytes(),
                "SHA1") {
    for (const CredentialKind& kind : kinds_)
      packages_.push_back(around(kind, setting.profile));
  }

  [[nodiscard]] std::vector<std::string> written() const override { return names_of(kinds_); }

  void begin(const CertifiedBatch& batch, std::uint64_t) override {
    out_.text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (const auto words = banner(batch.provenance); !words.empty()) {
      // Two dashes would end the comment.
      out_.text(fmt::format("<!-- {} -->\n", escaped(words)));
    }
    out_.text(
        fmt::format("<KeyContainer Version=\"1.0\" Id=\"batch-{}\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\" "
                    "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" "
                    "xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\">\n"
                    "<EncryptionKey><ds:KeyName>{}</ds:KeyName></EncryptionKey>\n"
                    "<MACMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><MACKey>",
                    escaped(batch.id), escaped(key_name_)));
    write_encrypted(cipher_.seal(mac_key_.bytes()));
    out_.text("</MACKey></MACMethod>\n");
  }

  void write(const SimCredentials& sim) override {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      out_.text("<KeyPackage><DeviceInfo><SerialNo>").text(sim.iccid).text("</SerialNo></DeviceInfo><Key Id=\"");
      out_.text(sim.iccid).text(packages_[i].before_imsi).text(sim.imsi).text(packages_[i].before_secret);
      const SealedText sealed = cipher_.seal(sim.values[i]);
      write_encrypted(sealed);
      out_.text("</EncryptedValue><ValueMAC>")
          .base64(sealed.mac)
          .text("</ValueMAC></Secret></Data></Key></KeyPackage>\n");
    }
  }

  void end() override { out_.text("</KeyContainer>\n"); }

 private:
  /// What is the same for all SIMs.
  struct Package {
    std::string before_imsi, before_secret;
  };

  LockedText& out_;
  std::vector<CredentialKind> kinds_;
  std::string key_name_;
  std::size_t key_bytes_;
  SecretBytes mac_key_;
  CbcWithMac cipher_;
  std::vector<Package> packages_;

  static Package around(const CredentialKind& kind, const ExportProfile& profile) {
    // RFC 6030, 10.1: "pin" is the algorithm of a PIN; of keys for AKA and OTA none is registered, and it may be left
    // out.
    const bool digits = kind.kind == ExportField::Kind::digits;
    return {fmt::format(".{}\"{}>{}<KeyProfileId>{}</KeyProfileId><FriendlyName>{} of IMSI ", kind.name,
                        digits ? " Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:pin\"" : "",
                        digits ? fmt::format("<AlgorithmParameters><ResponseFormat Length=\"{}\" "
                                             "Encoding=\"DECIMAL\"/></AlgorithmParameters>",
                                             kind.length)
                               : "",
                        escaped(profile.name), kind.name),
            "</FriendlyName><Data><Secret><EncryptedValue>"};
  }

  void write_encrypted(const SealedText& sealed) {
    out_.text(
        fmt::format("<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes{}-cbc\"/>"
                    "<xenc:CipherData><xenc:CipherValue>",
                    8 * key_bytes_));
    out_.base64(sealed.text).text("</xenc:CipherValue></xenc:CipherData>");
  }
};

}  // namespace

std::unique_ptr<Exporter> make_pskc_export(const ExportSetting& setting) {
  return std::make_unique<PskcExport>(setting);
}

}  // namespace lightseed
