#pragma once

#include <ctime>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"

struct evp_pkey_st;
struct x509_st;

namespace lightseed {

/// An X.509 certificate with what is said of it in evidence.
class X509Certificate {
 public:
  /// PEM or DER. Throws Error(io) naming the file when it cannot be read or is no certificate.
  static X509Certificate read(const std::filesystem::path& path);

  [[nodiscard]] x509_st* get() const noexcept { return certificate_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// SHA-256 of the DER encoding, hexadecimal: names this very certificate.
  [[nodiscard]] std::string fingerprint() const;
  /// Distinguished name as RFC 2253 writes it.
  [[nodiscard]] std::string subject() const;

  /// Throws Error(refused) when `now` lies outside its validity.
  void require_valid_at(std::time_t now) const;
  /// Throws Error(refused) when it carries key usages and none of `flags` (KU_… of openssl/x509v3.h) is among them.
  void require_usage(unsigned flags, const char* purpose) const;

 private:
  std::shared_ptr<x509_st> certificate_;
  std::string path_;
};

/// Whoever vouches for a batch: an ECDSA P-384 key and its certificate. (CMS of OpenSSL 3.0 cannot sign with Ed25519.)
class Signer {
 public:
  /// Throws Error(device) when the key file can be read by others, Error(io) when a file cannot be read,
  /// Error(refused) when the certificate is expired or not for signing, the key is no P-384 key or is another's.
  Signer(const std::filesystem::path& certificate, const std::filesystem::path& key, std::time_t now);

  [[nodiscard]] const X509Certificate& certificate() const noexcept { return certificate_; }
  [[nodiscard]] evp_pkey_st* key() const noexcept { return key_.get(); }

  /// ECDSA with SHA-384, DER encoded.
  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> message) const;

 private:
  X509Certificate certificate_;
  std::shared_ptr<evp_pkey_st> key_;
};

/// Checks an ECDSA P-384 signature over `message` (SHA-384) with the certificate's key.
bool signature_is_valid(const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature);

/// A private key from a PEM file only its owner can read. Throws Error(device) when others can, Error(io) otherwise.
std::shared_ptr<evp_pkey_st> read_private_key(const std::filesystem::path& path);

/// Throws Error(device) when group or others may read or write the file, as ssh does with keys.
void require_private_file(const std::filesystem::path& path);

}  // namespace lightseed
