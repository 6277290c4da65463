// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/passphrase.h"

struct x509_st;

namespace lightseed {

/// What the key of a certificate may be wanted for (RFC 5280 4.2.1.3).
enum class KeyUse { signing, key_agreement, key_transport };

/// An X.509 certificate with what is said of it in evidence.
class X509Certificate {
 public:
  /// The certificate in a file: PEM or DER, or in a bag (PKCS#7) or store (PKCS#12) of them. Of a chain it is the one
  /// at its lower end, whom all others vouch for; of a store that of its key. Throws Error(io) naming the file when it
  /// cannot be read, Error(malformed) when it is none, saying what it is instead, Error(refused) when there are several
  /// that are no one chain: nobody should have to guess which of them counts; as open_pkcs12() does.
  static X509Certificate read(const std::filesystem::path& path, const AskPassphrase& ask = {});

  /// All certificates of a file, in its order, at least one; of several each is called by its place in the file.
  /// Throws as read() does, and Error(refused) for more than `most`.
  static std::vector<X509Certificate> read_all(const std::filesystem::path& path, std::size_t most);

  /// From DER. `name` stands for the path in sentences. Throws Error(malformed).
  static X509Certificate from_der(std::span<const std::byte> der, std::string_view name);

  [[nodiscard]] x509_st* get() const noexcept { return certificate_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::string der() const;
  /// SHA-256 of the DER encoding, hexadecimal: names this very certificate.
  [[nodiscard]] std::string fingerprint() const;
  /// Distinguished name as RFC 2253 writes it.
  [[nodiscard]] std::string subject() const;
  /// The subject key identifier (RFC 5280 4.2.1.2), if it has one.
  [[nodiscard]] std::optional<std::string> key_identifier() const;
  /// IssuerAndSerialNumber in DER (RFC 5652 10.2.4).
  [[nodiscard]] std::string issuer_and_serial() const;
  /// The other certificate holds the same public key.
  [[nodiscard]] bool same_key_as(const X509Certificate& other) const;
  /// `issuer` issued it: names and key identifiers fit, and its key made the signature.
  [[nodiscard]] bool is_issued_by(const X509Certificate& issuer) const;
  /// libcrypto knows the algorithm by which its issuer signed it. Where it does not, nobody here can see who that was.
  [[nodiscard]] bool has_known_signature() const;
  /// It may issue certificates.
  [[nodiscard]] bool is_authority() const;

  /// Throws Error(refused) when `moment` lies outside its validity.
  void require_valid_at(std::time_t moment) const;
  /// Throws Error(refused) when its key usage does not allow `use`, when it is a certification authority's, or when it
  /// is signed with a digest that can be forged (SHA-1, MD5).
  void require_end_entity_for(KeyUse use) const;
  /// The same without a look at how it is signed, which libcrypto may not know.
  void require_use(KeyUse use) const;

 private:
  std::shared_ptr<x509_st> certificate_;
  std::string path_;
};

}  // namespace lightseed
