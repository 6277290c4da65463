// SPDX-License-Identifier: Apache-2.0
#include "provision/export/vendor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "crypto/aes_cipher.h"
#include "provision/export/columns.h"

namespace lightseed {
namespace {

constexpr std::size_t pin_bytes = 8;  // of a PIN on the card, filled up with FF (ETSI TS 102 221, 9.5.1)

enum class DigitForm { card, plain };

struct Column {
  enum class What { iccid, imsi, access_class, key, encrypted_key, digits };
  std::string name;
  What what;
  std::size_t place = 0;  ///< of the credential
  AesCipher* cipher = nullptr;
};

/// An index from 1 to 999; 0 means that there is no key.
int index_of(const TransportKeys& keys, std::string_view use) {
  if (!keys.has(use)) return 0;
  const std::string& name = keys.name(use);
  if (name.size() > 3 || name.front() == '0' ||
      !std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    throw Error(Category::usage, fmt::format("the transport key for {} is named '{}': in vendor files a name is an "
                                             "index from 1 to 999",
                                             use, name));
  }
  return std::stoi(name);
}

class VendorExport : public Exporter {
 public:
  VendorExport(const ExportSetting& setting, std::string_view format, DigitForm form,
               const std::vector<std::string>& wanted)
      : setting_(setting),
        format_(format),
        form_(form),
        auc_index_(index_of(setting.keys, "auc")),
        ota_index_(index_of(setting.keys, "ota")),
        auc_(cipher("auc")),
        ota_(cipher("ota")) {
    for (const std::string& name : wanted.empty() ? usual_columns() : wanted)
      add_column(name);
    if (columns_.empty()) throw Error(Category::usage, fmt::format("the format {} has no column", format));
    line_ = fmt::format("{}\n", fmt::join(names(), setting.profile.separator));
  }

  [[nodiscard]] std::vector<std::string> written() const override {
    std::vector<std::string> written;
    for (const Column& column : columns_)
      if (column.what >= Column::What::key) written.push_back(setting_.credentials.kinds()[column.place].name);
    return written;
  }

  void begin(const CertifiedBatch& batch, std::uint64_t sims) override {
    setting_.out.text(
        fmt::format("BATCH_ID: {}\nTIMESTAMP: {}\nQUANTITY: {}\nPRODUCT_ID: {}\nPURPOSE: {}\n"
                    "IMSIS_PER_ICCID: 1\nTRANSPORT_KEY_INDEX_AUC: {}\nTRANSPORT_KEY_INDEX_OTA: {}\n{}",
                    batch.id, batch.created, sims, setting_.profile.name, purpose_of(batch.provenance), auc_index_,
                    ota_index_, line_));
  }

  void write(const SimCredentials& sim) override {
    bool first = true;
    for (const Column& column : columns_) {
      if (!first) setting_.out.text(setting_.profile.separator);
      first = false;
      write_value(column, sim);
    }
    setting_.out.text("\n");
  }

  void end() override {}

 private:
  ExportSetting setting_;
  std::string format_;
  DigitForm form_;
  int auc_index_, ota_index_;
  std::unique_ptr<AesCipher> auc_, ota_;
  std::vector<Column> columns_;
  std::string line_;
  std::array<std::byte, AesCipher::block_bytes> block_{};

  std::unique_ptr<AesCipher> cipher(std::string_view use) {
    if (!setting_.keys.has(use)) return nullptr;
    return setting_.keys.aes(use, aes_key_lengths).cipher(AesCipher::Mode::ecb);
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Column& column : columns_)
      names.push_back(column.name);
    return names;
  }

  /// All that the profile has; a network has no use for PINs and OTA keys.
  [[nodiscard]] std::vector<std::string> usual_columns() const {
    std::vector<std::string> names{"ICCID", "IMSI"};
    for (const CredentialKind& kind : setting_.credentials.kinds()) {
      if (form_ == DigitForm::plain && transport_group(kind.name) != "auc") continue;
      names.push_back(kind.name == "ki" && auc_ ? "EKI" : upper_case(kind.name));
    }
    if (form_ == DigitForm::card) names.emplace_back("ACC");
    return names;
  }

  [[noreturn]] void refuse(std::string_view column, std::string_view why) const {
    throw Error(Category::usage, fmt::format("the format {} has no column {}: {}", format_, column, why));
  }

  void add_column(const std::string& name) {
    if (std::any_of(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; })) {
      refuse(name, "the profile has it twice");
    }
    if (name == "ICCID") {
      columns_.push_back({name, Column::What::iccid});
    } else if (name == "IMSI") {
      columns_.push_back({name, Column::What::imsi});
    } else if (name == "ACC") {
      columns_.push_back({name, Column::What::access_class});
    } else {
      columns_.push_back(credential_column(name));
    }
  }

  Column credential_column(const std::string& name) {
    if (name == "OP" || name == "K4") refuse(name, "an operator's OP and transport keys stay with who has them");
    if (name == "EKI" && !auc_) refuse(name, "there is no transport key for auc");
    if (name == "KI" && auc_) refuse(name, "with a transport key for auc it is EKI");
    const auto& kinds = setting_.credentials.kinds();
    const auto it = std::find_if(kinds.begin(), kinds.end(), [&](const CredentialKind& kind) {
      return name == upper_case(kind.name) || (name == "EKI" && kind.name == "ki");
    });
    if (it == kinds.end()) refuse(name, fmt::format("the profile {} does not give it", setting_.profile.name));
    Column column{name, it->kind == ExportField::Kind::key ? Column::What::key : Column::What::digits,
                  static_cast<std::size_t>(it - kinds.begin())};
    AesCipher* const under = name == "EKI" ? auc_.get() : transport_group(it->name) == "ota" ? ota_.get() : nullptr;
    if (under != nullptr) {
      if (it->length != AesCipher::block_bytes) {
        refuse(name, fmt::format("a key of {} bytes is no one block of AES, and several would show what is equal",
                                 it->length));
      }
      column.what = Column::What::encrypted_key;
      column.cipher = under;
    }
    return column;
  }

  void write_value(const Column& column, const SimCredentials& sim) {
    LockedText& out = setting_.out;
    const bool card = form_ == DigitForm::card;
    switch (column.what) {
      case Column::What::iccid: out.text(card ? card_iccid(sim.iccid) : std::string(sim.iccid)); break;
      case Column::What::imsi: out.text(card ? card_imsi(sim.imsi) : std::string(sim.imsi)); break;
      case Column::What::access_class: out.text(fmt::format("{:04X}", 1U << (sim.imsi.back() - '0'))); break;
      case Column::What::key: out.upper_hex(sim.values[column.place]); break;
      case Column::What::encrypted_key:
        column.cipher->encrypt({}, sim.values[column.place], block_);
        out.upper_hex(block_);
        break;
      case Column::What::digits: {
        const auto digits = sim.values[column.place];
        if (!card) {
          out.ascii(digits);
          break;
        }
        out.hex(digits);
        for (std::size_t i = digits.size(); i < pin_bytes; ++i)
          out.text("ff");
        break;
      }
    }
  }

  std::string card_iccid(std::string_view iccid) const {
    const auto is_half_byte = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
    if (!std::all_of(iccid.begin(), iccid.end(), is_half_byte)) {
      throw Error(Category::usage, fmt::format("ICCID {} has letters that no half byte of a card holds", iccid));
    }
    return swapped_digits(iccid);
  }
};

}  // namespace

std::string swapped_digits(std::string_view digits) {
  std::string text(digits);
  if (text.size() % 2 != 0) text += 'f';
  for (std::size_t i = 0; i < text.size(); i += 2)
    std::swap(text[i], text[i + 1]);
  return text;
}

std::string card_imsi(std::string_view imsi) {
  const std::string digits = (imsi.size() % 2 != 0 ? "9" : "1") + std::string(imsi);
  return fmt::format("{:02x}{}", digits.size() / 2 + digits.size() % 2, swapped_digits(digits));
}

std::unique_ptr<Exporter> make_vendor_elect_export(const ExportSetting& setting) {
  return std::make_unique<VendorExport>(setting, "vendor-elect", DigitForm::card, setting.profile.elect_columns);
}

std::unique_ptr<Exporter> make_vendor_server_export(const ExportSetting& setting) {
  return std::make_unique<VendorExport>(setting, "vendor-server", DigitForm::plain, setting.profile.server_columns);
}

}  // namespace lightseed
