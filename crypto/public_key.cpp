// SPDX-License-Identifier: Apache-2.0
#include "crypto/public_key.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <charconv>

#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

constexpr int least_rsa_bits = 2048;
constexpr int good_rsa_bits = 3072;  // 128 bits of strength (SP 800-57 part 1, table 2)
constexpr int most_rsa_bits = 16384;
constexpr int most_exponent_bits = 64;

struct Curve {
  std::string_view openssl;
  std::string_view name;
};

constexpr Curve curves[] = {
    {"prime256v1", "P-256"},
    {"secp384r1", "P-384"},
    {"secp521r1", "P-521"},
    {"brainpoolP256r1", "brainpoolP256r1"},
    {"brainpoolP256t1", "brainpoolP256t1"},
    {"brainpoolP384r1", "brainpoolP384r1"},
    {"brainpoolP384t1", "brainpoolP384t1"},
    {"brainpoolP512r1", "brainpoolP512r1"},
    {"brainpoolP512t1", "brainpoolP512t1"},
};

/// A certificate and what its key is wanted for.
struct Judged {
  const X509Certificate& certificate;
  std::string_view purpose;
};

[[noreturn]] void refuse(const Judged& judged, std::string_view why) {
  throw Error(Category::refused, fmt::format("the certificate {} ({}) cannot {}: {}", judged.certificate.path(),
                                             judged.certificate.subject(), judged.purpose, why));
}

/// The curve is said by its name, not by parameters of somebody's own making.
std::string curve_of(const Judged& judged) {
  X509_ALGOR* algorithm = nullptr;
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  const bool known = X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm,
                                            X509_get_X509_PUBKEY(judged.certificate.get())) == 1;
  if (known) X509_ALGOR_get0(nullptr, &type, &value, algorithm);
  if (type != V_ASN1_OBJECT) refuse(judged, "its curve is given by explicit parameters; a named curve is needed");
  const int nid = OBJ_obj2nid(static_cast<const ASN1_OBJECT*>(value));
  const char* const short_name = nid != NID_undef ? OBJ_nid2sn(nid) : "unknown";
  const auto curve = allowed_curve(short_name);
  if (!curve) {
    refuse(judged, fmt::format("its curve is {}; P-256, P-384, P-521 and the brainpool curves from 256 bits on are "
                               "accepted",
                               short_name));
  }
  return *curve;
}

void judge_rsa(const Judged& judged, const EVP_PKEY* key, PublicKey& result) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < least_rsa_bits || bits > most_rsa_bits) {
    refuse(judged,
           fmt::format("its RSA key has {} bits; from {} to {} are accepted", bits, least_rsa_bits, most_rsa_bits));
  }
  BIGNUM* number = nullptr;
  const bool has = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &number) == 1;
  const openssl::Handle<BIGNUM> exponent(number);
  if (!has || BN_is_odd(exponent.get()) != 1 || BN_num_bits(exponent.get()) < 17 ||
      BN_num_bits(exponent.get()) > most_exponent_bits) {
    refuse(judged, "its RSA exponent is not an odd number from 65537 to 2^64");
  }
  result.name = fmt::format("RSA-{}", bits);
  if (bits < good_rsa_bits) {
    result.notices.push_back(
        fmt::format("the certificate {} ({}) has an RSA key of {} bits, as strong as {} bits; "
                    "keys of 128 bits and more deserve RSA from {} bits on, or an elliptic curve",
                    judged.certificate.path(), judged.certificate.subject(), bits, 112, good_rsa_bits));
  }
}

/// Where the key is of this kind or akin to it, as what.
std::optional<SignatureKind> accepted_kind(const X509Certificate& certificate, std::optional<SignatureKind> also) {
  if (!also) return std::nullopt;
  const auto kind = kind_of(certificate);
  return kind && may_vouch_for(*kind, *also) && is_available(*kind) ? kind : std::nullopt;
}

/// The kind of a key that is on the list; its name where it is a curve's.
void judge_listed(const Judged& judged, const EVP_PKEY* key, PublicKey& result) {
  // The parameters first: a curve that OpenSSL does not know makes a key it cannot read at all.
  ASN1_OBJECT* algorithm = nullptr;
  X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, X509_get_X509_PUBKEY(judged.certificate.get()));
  const int kind = algorithm != nullptr ? OBJ_obj2nid(algorithm) : NID_undef;
  if (kind == NID_X9_62_id_ecPublicKey) {
    result.name = curve_of(judged);
  } else if (kind == NID_rsaEncryption) {
    result.rsa = true;
  } else {
    refuse(judged, fmt::format("its key is of kind {}; EC and RSA are accepted",
                               kind != NID_undef ? OBJ_nid2ln(kind) : "unknown"));
  }
  if (key == nullptr) refuse(judged, "its public key cannot be read");
  if (result.rsa) judge_rsa(judged, key, result);
}

}  // namespace

std::optional<std::string> allowed_curve(std::string_view short_name) {
  for (const Curve& curve : curves) {
    if (curve.openssl == short_name) return std::string(curve.name);
  }
  return std::nullopt;
}

bool is_allowed_key(std::string_view name) {
  for (const Curve& curve : curves) {
    if (curve.name == name) return true;
  }
  if (!name.starts_with("RSA-")) return false;
  int bits = 0;
  const auto [stop, error] = std::from_chars(name.data() + 4, name.data() + name.size(), bits);
  return error == std::errc{} && stop == name.data() + name.size() && bits >= least_rsa_bits && bits <= most_rsa_bits &&
         name[4] != '0';
}

PublicKey judge_public_key(const X509Certificate& certificate, std::string_view purpose,
                           std::optional<SignatureKind> also) {
  const Judged judged{certificate, purpose};
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  openssl::reason();
  PublicKey result;
  if (const auto kind = accepted_kind(certificate, also)) {
    result.name = words_for(*kind).kind;
  } else {
    judge_listed(judged, key, result);
  }
  const openssl::Handle<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) {
    openssl::reason();
    refuse(judged, "its public key is no valid key of its kind (a point off the curve, a modulus that cannot be)");
  }
  return result;
}

}  // namespace lightseed
