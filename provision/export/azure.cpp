// SPDX-License-Identifier: Apache-2.0
#include "provision/export/azure.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "core/error.h"
#include "core/system_random.h"
#include "crypto/cbc_with_mac.h"
#include "crypto/rsa.h"

namespace lightseed {
namespace {

constexpr std::size_t half_key_bytes = 32;  // of the AES key, and of the MAC key
constexpr std::size_t credential_bytes = 16;
constexpr std::string_view upload_version = "1";

SecretBytes drawn_key() {
  SecretBytes key(2 * half_key_bytes);
  system_random(key.bytes());
  return key;
}

std::uint64_t number_of(const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) {
    throw Error(
        Category::usage,
        fmt::format("the transport key for azure is named '{}': its name is the number that Azure gives the key",
                    name));
  }
  return number;
}

class AzureExport : public Exporter {
 public:
  explicit AzureExport(const ExportSetting& setting)
      : out_(setting.out),
        ki_(require_key(setting, "azure", "ki", credential_bytes)),
        opc_(require_key(setting, "azure", "opc", credential_bytes)),
        azure_number_(number_of(setting.keys.name("azure"))),
        azure_(setting.keys.rsa_public("azure")),
        vendor_(setting.keys.rsa_private("vendor")),
        key_(drawn_key()),
        cipher_(key_.bytes().first(half_key_bytes), key_.bytes().last(half_key_bytes), "SHA512"),
        plain_([this](std::span<const std::byte> text) { take_plain(text); }),
        plain_text_(plain_room) {
    const ExportProfile& profile = setting.profile;
    if (!profile.azure_device_type.empty()) {
      device_type_ = fmt::format("\"deviceType\":\"{}\",", profile.azure_device_type);
    }
    if (!profile.azure_sim_policy.empty()) {
      sim_policy_ = fmt::format("\"simPolicy\":{{\"id\":\"{}\"}},", profile.azure_sim_policy);
    }
  }

  [[nodiscard]] std::vector<std::string> written() const override { return {"ki", "opc"}; }

  void begin(const CertifiedBatch&, std::uint64_t) override {
    const auto encrypted = rsa_oaep_encrypted(azure_.get(), key_.bytes());
    out_.text(fmt::format("{{\"version\":{},\n\"azureKeyIdentifier\":{},\n\"vendorKeyFingerprint\":\"", upload_version,
                          azure_number_));
    out_.upper_hex(public_key_digest(vendor_->public_key()))
        .text("\",\n\"encryptedTransportKey\":\"")
        .upper_hex(encrypted);
    out_.text("\",\n\"signedTransportKey\":\"").upper_hex(vendor_->sign(encrypted));
    out_.text("\",\n\"sims\":[");
  }

  void write(const SimCredentials& sim) override {
    out_.text(first_ ? "\n" : ",\n");
    first_ = false;
    out_.text("{\"name\":\"").text(sim.iccid).text("\",\"properties\":{").text(device_type_);
    out_.text("\"integratedCircuitCardIdentifier\":\"").text(sim.iccid);
    out_.text("\",\"internationalMobileSubscriberIdentity\":\"").text(sim.imsi).text("\",").text(sim_policy_);
    plain_used_ = 0;
    plain_.text(upload_version).text(":").text(sim.iccid).text(":").text(sim.imsi).text(":").upper_hex(sim.values[ki_]);
    plain_.text(":").upper_hex(sim.values[opc_]).flush();
    const SealedText sealed = cipher_.seal(plain_text_.bytes().first(plain_used_));
    out_.text("\"encryptedCredentials\":\"").upper_hex(sealed.mac).upper_hex(sealed.text).text("\"}}");
  }

  void end() override { out_.text("\n]}\n"); }

 private:
  static constexpr std::size_t plain_room = 256;  // a version, two numbers and two keys have fewer

  LockedText& out_;
  std::size_t ki_, opc_;
  std::uint64_t azure_number_;
  std::shared_ptr<EVP_PKEY> azure_;
  std::shared_ptr<const RsaSigner> vendor_;
  SecretBytes key_;
  CbcWithMac cipher_;
  LockedText plain_;
  SecretBytes plain_text_;
  std::size_t plain_used_ = 0;
  std::string device_type_, sim_policy_;
  bool first_ = true;

  void take_plain(std::span<const std::byte> text) {
    if (text.size() > plain_text_.size() - plain_used_) {
      throw Error(Category::internal, "the credentials of a SIM are longer than any can be");
    }
    std::ranges::copy(text, plain_text_.data() + plain_used_);
    plain_used_ += text.size();
  }
};

}  // namespace

std::unique_ptr<Exporter> make_azure_export(const ExportSetting& setting) {
  return std::make_unique<AzureExport>(setting);
}

}  // namespace lightseed
