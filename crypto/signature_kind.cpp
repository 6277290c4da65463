// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature_kind.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/ecdsa.h"
#include "crypto/handles.h"
#include "crypto/one_shot_signature.h"
#include "crypto/sm2.h"

namespace lightseed {
namespace {

constexpr std::string_view purpose_of_further_kinds = "the kind of a further signature of a batch";

struct KindRow;

/// How keys and signatures of several kinds are handled, which differ in names and sizes alone.
struct KindHandling {
  bool (*is_key)(const KindRow& row, const EVP_PKEY* key);
  std::vector<std::byte> (*sign)(const KindRow& row, EVP_PKEY* key, std::span<const std::byte> message);
  bool (*verify)(const KindRow& row, EVP_PKEY* key, std::span<const std::byte> message,
                 std::span<const std::byte> signature);
  bool (*has_form)(const KindRow& row, std::span<const std::byte> signature);
  void (*sign_certificate)(const KindRow& row, X509* certificate, EVP_PKEY* key);
  /// Null: of a signature nobody else can make another one.
  std::vector<std::byte> (*settle)(const KindRow& row, std::span<const std::byte> signature) = nullptr;
};

/// How a kind of signature is asked of libcrypto and told from others.
struct KindRow {
  SignatureKind kind;
  std::string_view name;
  SignatureWords words;
  const char* algorithm;        ///< by which libcrypto finds the signatures
  std::string_view offered_by;  ///< which libcrypto has them
  const char* key_type;         ///< libcrypto's
  const char* group;            ///< the curve that a new key is to be on; null: the type says it
  std::string_view key_oid;     ///< of a certificate's subjectPublicKeyInfo
  std::string_view curve_oid;   ///< its parameters; empty: there must be none
  std::size_t key_bytes;        ///< of the public key; 0: as its curve wants it
  std::size_t signature_bytes;  ///< 0: DER of two numbers
  std::string_view family;      ///< kinds whose authorities vouch for each other's signers
  const KindHandling* handling;
};

EcdsaCurve ecdsa_curve_of(const KindRow& row) noexcept {
  return row.kind == SignatureKind::ecdsa_p521 ? EcdsaCurve::p521 : EcdsaCurve::p384;
}

void require_certificate(int length) {
  openssl::require(length > 0, "sign a certificate");
}

constexpr KindHandling by_ecdsa{
    .is_key = [](const KindRow& row, const EVP_PKEY* key) { return is_ecdsa(key, ecdsa_curve_of(row)); },
    .sign = [](const KindRow& row, EVP_PKEY* key,
               std::span<const std::byte> message) { return ecdsa_signature(key, ecdsa_curve_of(row), message); },
    .verify =
        [](const KindRow& row, EVP_PKEY* key, std::span<const std::byte> message,
           std::span<const std::byte> signature) {
          return ecdsa_signature_is_valid(key, ecdsa_curve_of(row), message, signature);
        },
    .has_form = [](const KindRow& row,
                   std::span<const std::byte> signature) { return has_ecdsa_form(signature, ecdsa_curve_of(row)); },
    .sign_certificate =
        [](const KindRow& row, X509* certificate, EVP_PKEY* key) {
          require_certificate(
              X509_sign(certificate, key, ecdsa_curve_of(row) == EcdsaCurve::p521 ? EVP_sha512() : EVP_sha384()));
        },
    .settle = [](const KindRow& row,
                 std::span<const std::byte> signature) { return with_low_s(signature, ecdsa_curve_of(row)); }};

constexpr KindHandling by_sm2{
    .is_key = [](const KindRow&, const EVP_PKEY* key) { return is_sm2(key); },
    .sign = [](const KindRow&, EVP_PKEY* key,
               std::span<const std::byte> message) { return sm2_signature(key, message); },
    .verify = [](const KindRow&, EVP_PKEY* key, std::span<const std::byte> message,
                 std::span<const std::byte> signature) { return sm2_signature_is_valid(key, message, signature); },
    .has_form = [](const KindRow&, std::span<const std::byte> signature) { return has_sm2_form(signature); },
    .sign_certificate = [](const KindRow&, X509* certificate, EVP_PKEY* key) { sign_with_sm2(certificate, key); }};

constexpr KindHandling in_one_shot{
    .is_key = [](const KindRow& row, const EVP_PKEY* key) { return is_key_of(key, row.key_type); },
    .sign = [](const KindRow&, EVP_PKEY* key,
               std::span<const std::byte> message) { return one_shot_signature(key, message); },
    .verify =
        [](const KindRow& row, EVP_PKEY* key, std::span<const std::byte> message,
           std::span<const std::byte> signature) {
          return one_shot_signature_is_valid(key, row.key_type, row.signature_bytes, message, signature);
        },
    .has_form = [](const KindRow& row,
                   std::span<const std::byte> signature) { return signature.size() == row.signature_bytes; },
    .sign_certificate = [](const KindRow&, X509* certificate,
                           EVP_PKEY* key) { require_certificate(X509_sign(certificate, key, nullptr)); }};

constexpr std::string_view elliptic_curve_oid = "1.2.840.10045.2.1";

// A further kind is a row here, and one in SignatureKind.
constexpr std::array kind_table{
    KindRow{.kind = SignatureKind::ecdsa_p384,
            .name = "ecdsa-p384",
            .words = {.kind = "ECDSA P-384",
                      .algorithms = "ECDSA on P-384 with SHA-384",
                      .key = "ECDSA key on the named curve P-384",
                      .purpose = "the kind batches are signed with",
                      .make = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"},
            .algorithm = "ECDSA",
            .offered_by = "every one with elliptic curves",
            .key_type = "EC",
            .group = "P-384",
            .key_oid = elliptic_curve_oid,
            .curve_oid = "1.3.132.0.34",
            .key_bytes = 0,
            .signature_bytes = 0,
            .family = "ecdsa",
            .handling = &by_ecdsa},
    KindRow{.kind = SignatureKind::ecdsa_p521,
            .name = "ecdsa-p521",
            .words = {.kind = "ECDSA P-521",
                      .algorithms = "ECDSA on P-521 with SHA-512",
                      .key = "ECDSA key on the named curve P-521",
                      .purpose = purpose_of_further_kinds,
                      .make = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521"},
            .algorithm = "ECDSA",
            .offered_by = "every one with elliptic curves",
            .key_type = "EC",
            .group = "P-521",
            .key_oid = elliptic_curve_oid,
            .curve_oid = "1.3.132.0.35",
            .key_bytes = 0,
            .signature_bytes = 0,
            .family = "ecdsa",
            .handling = &by_ecdsa},
    KindRow{.kind = SignatureKind::sm2,
            .name = "sm2",
            .words = {.kind = "SM2",
                      .algorithms = "SM2 with SM3",
                      .key = "SM2 key on its named curve",
                      .purpose = purpose_of_further_kinds,
                      .make = "openssl genpkey -algorithm SM2"},
            .algorithm = "SM2",
            .offered_by = "one that was built with SM2",
            .key_type = "SM2",
            .group = nullptr,
            .key_oid = elliptic_curve_oid,
            .curve_oid = "1.2.156.10197.1.301",
            .key_bytes = 0,
            .signature_bytes = 0,
            .family = "sm2",
            .handling = &by_sm2},
    KindRow{.kind = SignatureKind::ed25519,
            .name = "ed25519",
            .words = {.kind = "Ed25519",
                      .algorithms = "Ed25519",
                      .key = "Ed25519 key",
                      .purpose = purpose_of_further_kinds,
                      .make = "openssl genpkey -algorithm ED25519"},
            .algorithm = "ED25519",
            .offered_by = "every one with elliptic curves",
            .key_type = "ED25519",
            .group = nullptr,
            .key_oid = "1.3.101.112",
            .curve_oid = {},
            .key_bytes = 32,
            .signature_bytes = 64,
            .family = "eddsa",
            .handling = &in_one_shot},
    KindRow{.kind = SignatureKind::ed448,
            .name = "ed448",
            .words = {.kind = "Ed448",
                      .algorithms = "Ed448",
                      .key = "Ed448 key",
                      .purpose = purpose_of_further_kinds,
                      .make = "openssl genpkey -algorithm ED448"},
            .algorithm = "ED448",
            .offered_by = "every one with elliptic curves",
            .key_type = "ED448",
            .group = nullptr,
            .key_oid = "1.3.101.113",
            .curve_oid = {},
            .key_bytes = 57,
            .signature_bytes = 114,
            .family = "eddsa",
            .handling = &in_one_shot},
    KindRow{.kind = SignatureKind::ml_dsa_65,
            .name = "ml-dsa-65",
            .words = {.kind = "ML-DSA-65",
                      .algorithms = "ML-DSA-65",
                      .key = "ML-DSA-65 key",
                      .purpose = purpose_of_further_kinds,
                      .make = "openssl genpkey -algorithm ML-DSA-65"},
            .algorithm = "ML-DSA-65",
            .offered_by = "one of 3.5 or later",
            .key_type = "ML-DSA-65",
            .group = nullptr,
            .key_oid = "2.16.840.1.101.3.4.3.18",
            .curve_oid = {},
            .key_bytes = 1952,
            .signature_bytes = 3309,
            .family = "ml-dsa",
            .handling = &in_one_shot},
    KindRow{.kind = SignatureKind::ml_dsa_87,
            .name = "ml-dsa-87",
            .words = {.kind = "ML-DSA-87",
                      .algorithms = "ML-DSA-87",
                      .key = "ML-DSA-87 key",
                      .purpose = purpose_of_further_kinds,
                      .make = "openssl genpkey -algorithm ML-DSA-87"},
            .algorithm = "ML-DSA-87",
            .offered_by = "one of 3.5 or later",
            .key_type = "ML-DSA-87",
            .group = nullptr,
            .key_oid = "2.16.840.1.101.3.4.3.19",
            .curve_oid = {},
            .key_bytes = 2592,
            .signature_bytes = 4627,
            .family = "ml-dsa",
            .handling = &in_one_shot},
};

const KindRow& row_of(SignatureKind kind) noexcept {
  return *std::ranges::find(kind_table, kind, &KindRow::kind);
}

/// The algorithm of a certificate's public key, as its subjectPublicKeyInfo says it, read by libcrypto or not.
struct NamedAlgorithm {
  std::string oid{};
  std::string curve_oid{};        ///< the parameters where they are a name; empty: there are none
  bool other_parameters = false;  ///< parameters that are no name
  std::size_t key_bytes = 0;
};

std::string oid_text(const ASN1_OBJECT* object) {
  char text[80] = {};
  const int length = OBJ_obj2txt(text, sizeof text, object, 1);
  return length > 0 && static_cast<std::size_t>(length) < sizeof text ? std::string(text) : std::string();
}

NamedAlgorithm algorithm_of(const X509Certificate& certificate) {
  ASN1_OBJECT* object = nullptr;
  const unsigned char* key = nullptr;
  int length = 0;
  X509_ALGOR* algorithm = nullptr;
  if (X509_PUBKEY_get0_param(&object, &key, &length, &algorithm, X509_get_X509_PUBKEY(certificate.get())) != 1)
    return {};
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, algorithm);
  NamedAlgorithm named{.oid = oid_text(object), .key_bytes = static_cast<std::size_t>(length)};
  if (type == V_ASN1_OBJECT) {
    named.curve_oid = oid_text(static_cast<const ASN1_OBJECT*>(value));
  } else {
    named.other_parameters = type != V_ASN1_UNDEF;
  }
  return named;
}

}  // namespace

std::span<const SignatureKind> signature_kinds() noexcept {
  static constexpr auto kinds = [] {
    std::array<SignatureKind, kind_table.size()> all{};
    std::ranges::transform(kind_table, all.begin(), &KindRow::kind);
    return all;
  }();
  return kinds;
}

std::string_view name_of(SignatureKind kind) noexcept {
  return row_of(kind).name;
}

std::optional<SignatureKind> signature_kind_from(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kind_table, name, &KindRow::name);
  return found == kind_table.end() ? std::nullopt : std::optional(found->kind);
}

bool is_available(SignatureKind kind) {
  const openssl::Handle<EVP_SIGNATURE> found(EVP_SIGNATURE_fetch(nullptr, row_of(kind).algorithm, nullptr));
  openssl::reason();
  return found != nullptr;
}

std::string absence_of(SignatureKind kind) {
  return fmt::format("this machine's libcrypto ({}) does not offer {}; {} does", OpenSSL_version(OPENSSL_VERSION),
                     words_for(kind).kind, row_of(kind).offered_by);
}

bool is_key_for(SignatureKind kind, const EVP_PKEY* key) {
  const KindRow& row = row_of(kind);
  return row.handling->is_key(row, key);
}

std::optional<SignatureKind> kind_of(const X509Certificate& certificate) {
  const NamedAlgorithm named = algorithm_of(certificate);
  const auto* const row = std::ranges::find_if(kind_table, [&](const KindRow& one) {
    return one.key_oid == named.oid && one.curve_oid == named.curve_oid && !named.other_parameters;
  });
  if (row == kind_table.end() || (row->key_bytes != 0 && row->key_bytes != named.key_bytes)) return std::nullopt;
  if (!is_available(row->kind)) return row->kind;
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  openssl::reason();
  return is_key_for(row->kind, key) ? std::optional(row->kind) : std::nullopt;
}

bool may_vouch_for(SignatureKind authority, SignatureKind kind) noexcept {
  return row_of(authority).family == row_of(kind).family;
}

openssl::Handle<EVP_PKEY> new_key_of(SignatureKind kind) {
  const KindRow& row = row_of(kind);
  const openssl::Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, row.key_type, nullptr));
  EVP_PKEY* key = nullptr;
  openssl::require(context != nullptr && EVP_PKEY_keygen_init(context.get()) == 1 &&
                       (row.group == nullptr || EVP_PKEY_CTX_set_group_name(context.get(), row.group) == 1) &&
                       EVP_PKEY_generate(context.get(), &key) == 1,
                   "make a key");
  return openssl::Handle<EVP_PKEY>(key);
}

std::vector<std::byte> signature_of(SignatureKind kind, EVP_PKEY* key, std::span<const std::byte> message) {
  const KindRow& row = row_of(kind);
  return row.handling->sign(row, key, message);
}

std::vector<std::byte> settled(SignatureKind kind, std::vector<std::byte> signature) {
  const KindRow& row = row_of(kind);
  return row.handling->settle != nullptr ? row.handling->settle(row, signature) : std::move(signature);
}

void sign_certificate(SignatureKind kind, X509* certificate, EVP_PKEY* key) {
  const KindRow& row = row_of(kind);
  row.handling->sign_certificate(row, certificate, key);
}

bool signature_is_valid(SignatureKind kind, const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature) {
  const KindRow& row = row_of(kind);
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  openssl::reason();
  return row.handling->verify(row, key, message, signature);
}

bool has_form_of(SignatureKind kind, std::span<const std::byte> signature) {
  const KindRow& row = row_of(kind);
  return row.handling->has_form(row, signature);
}

SignatureWords words_for(SignatureKind kind) noexcept {
  return row_of(kind).words;
}

}  // namespace lightseed
