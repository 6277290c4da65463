// SPDX-License-Identifier: Apache-2.0
#include "crypto/time_stamp.h"

#include <fmt/format.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

constexpr std::size_t most_certificates = 10;
constexpr int least_security_level = 2;  // of OpenSSL's: 112 bits

template <auto Function>
struct With {
  template <typename T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};
using Query = std::unique_ptr<TS_REQ, With<TS_REQ_free>>;
using Response = std::unique_ptr<TS_RESP, With<TS_RESP_free>>;

[[noreturn]] void disbelieve(const std::string& why) {
  throw Error(Category::verdict, why);
}

/// All of `der`, and nothing behind it.
template <typename Owner, auto Read>
Owner decoded(std::string_view der, const char* what) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  Owner object(der.size() > largest_time_stamp ? nullptr : Read(nullptr, &at, static_cast<long>(der.size())));
  if (object == nullptr || at != end) {
    (void)openssl::reason();
    disbelieve(fmt::format("it is no {} of RFC 3161 in DER", what));
  }
  return object;
}

/// The text is the signed token alone, as some authorities' tools write it.
bool is_bare_token(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<PKCS7, With<PKCS7_free>> token(
      der.size() > largest_time_stamp ? nullptr : d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())));
  (void)openssl::reason();
  return token != nullptr && PKCS7_type_is_signed(token.get());
}

Response parsed_response(std::string_view der) {
  if (is_bare_token(der))
    disbelieve("it is the token alone, without the response around it: take the authority's whole answer");
  return decoded<Response, d2i_TS_RESP>(der, "response");
}

/// What the authority said of its refusal, as words that follow the status; empty when it said nothing.
std::string reason_of(const TS_STATUS_INFO* status) {
  const STACK_OF(ASN1_UTF8STRING)* texts = TS_STATUS_INFO_get0_text(status);
  std::string words;
  for (int i = 0; texts != nullptr && i < sk_ASN1_UTF8STRING_num(texts); ++i) {
    const ASN1_UTF8STRING* text = sk_ASN1_UTF8STRING_value(texts, i);
    words += fmt::format("{}{}", i == 0 ? ": " : "; ",
                         std::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                          static_cast<std::size_t>(ASN1_STRING_length(text))));
  }
  return words;
}

std::string hex_of(const ASN1_INTEGER* number) {
  const openssl::Handle<BIGNUM> value(ASN1_INTEGER_to_BN(number, nullptr));
  openssl::require(value != nullptr, "read a number");
  char* const text = BN_bn2hex(value.get());
  std::string copy = text != nullptr ? text : "";
  OPENSSL_free(text);
  openssl::require(!copy.empty(), "write a number");
  return copy;
}

std::string oid_of(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return text.data();
}

/// The digest that a query or token is about is this one, of SHA-256.
bool is_imprint(TS_MSG_IMPRINT* imprint, const Sha256Digest& digest) {
  if (imprint == nullptr || OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm) != NID_sha256) return false;
  const ASN1_OCTET_STRING* message = TS_MSG_IMPRINT_get_msg(imprint);
  const auto* data = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(message));
  return ASN1_STRING_length(message) == static_cast<int>(digest.size()) &&
         std::equal(digest.begin(), digest.end(), data);
}

/// What the token inside says. Throws Error(verdict) where nothing is granted.
TS_TST_INFO* granted(TS_RESP* response) {
  const TS_STATUS_INFO* said = TS_RESP_get_status_info(response);
  const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(said));
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
    disbelieve(fmt::format("the authority refused to make one (status {}){}", status, reason_of(said)));
  TS_TST_INFO* info = TS_RESP_get_tst_info(response);
  if (info == nullptr || TS_RESP_get_token(response) == nullptr) disbelieve("it holds no time stamp");
  return info;
}

std::time_t genuine_moment_of(const TS_TST_INFO* info) {
  std::tm time{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &time) != 1) disbelieve("its moment is none");
  return timegm(&time);
}

/// Whoever could find a second text with the same digest could move the signature to it.
void require_strong_digest(PKCS7* token) {
  const STACK_OF(PKCS7_SIGNER_INFO)* signers = PKCS7_get_signer_info(token);
  if (signers == nullptr || sk_PKCS7_SIGNER_INFO_num(signers) != 1) disbelieve("it is not signed by one authority");
  X509_ALGOR* digest = nullptr;
  PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(signers, 0), nullptr, &digest, nullptr);
  constexpr std::array allowed{NID_sha256, NID_sha384, NID_sha512, NID_sha3_256, NID_sha3_384, NID_sha3_512};
  const int nid = OBJ_obj2nid(digest->algorithm);
  if (std::ranges::find(allowed, nid) == allowed.end())
    disbelieve(fmt::format("it is signed over a digest that can be forged ({})", oid_of(digest->algorithm)));
}

TimeStamp stamp_from(TS_RESP* response, const Sha256Digest& digest) {
  TS_TST_INFO* info = granted(response);
  if (!is_imprint(TS_TST_INFO_get_msg_imprint(info), digest))
    disbelieve("it is about something else: the digest in it is not that of this certificate by SHA-256");
  require_strong_digest(TS_RESP_get_token(response));
  return {.moment = genuine_moment_of(info),
          .serial = hex_of(TS_TST_INFO_get_serial(info)),
          .policy = oid_of(TS_TST_INFO_get_policy_id(info))};
}

/// Trusted certificates, as they are judged at a moment.
openssl::Handle<X509_STORE> stamp_store_of(const TimeStampTrust& trust, std::time_t moment) {
  openssl::Handle<X509_STORE> store(X509_STORE_new());
  openssl::require(store != nullptr, "make a store of certificates");
  for (const X509Certificate& one : trust.certificates())
    openssl::require(X509_STORE_add_cert(store.get(), one.get()) == 1, "trust a certificate");
  X509_VERIFY_PARAM* rules = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(rules, moment);
  X509_VERIFY_PARAM_set_auth_level(rules, least_security_level);
  // A time stamp authority's own certificate may be what is trusted.
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

/// Who signed the token, once it was verified.
std::string authority_of(PKCS7* token) {
  STACK_OF(X509)* const signers = PKCS7_get0_signers(token, nullptr, 0);
  const X509* const signer = signers != nullptr && sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : nullptr;
  sk_X509_free(signers);
  if (signer == nullptr) disbelieve("who signed it did not send a certificate along");
  unsigned char* der = nullptr;
  const int size = i2d_X509(signer, &der);
  openssl::require(size > 0, "write a certificate");
  const openssl::Handle<unsigned char> bytes(der);
  return X509Certificate::from_der({reinterpret_cast<const std::byte*>(der), static_cast<std::size_t>(size)},
                                   "of the time stamp authority")
      .subject();
}

}  // namespace

std::string time_stamp_query(const Sha256Digest& digest) {
  const Query query(TS_REQ_new());
  const std::unique_ptr<TS_MSG_IMPRINT, With<TS_MSG_IMPRINT_free>> imprint(TS_MSG_IMPRINT_new());
  const std::unique_ptr<X509_ALGOR, With<X509_ALGOR_free>> algorithm(X509_ALGOR_new());
  const std::unique_ptr<ASN1_INTEGER, With<ASN1_INTEGER_free>> nonce(ASN1_INTEGER_new());
  openssl::require(query && imprint && algorithm && nonce, "make a query for a time stamp");
  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  std::array<unsigned char, 32> bytes{};
  std::transform(digest.begin(), digest.end(), bytes.begin(),
                 [](std::byte b) { return static_cast<unsigned char>(b); });
  std::uint64_t number = 0;
  openssl::require(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) == 1, "draw a nonce");
  openssl::require(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
                       TS_MSG_IMPRINT_set_msg(imprint.get(), bytes.data(), static_cast<int>(bytes.size())) == 1 &&
                       TS_REQ_set_version(query.get(), 1) == 1 &&
                       TS_REQ_set_msg_imprint(query.get(), imprint.get()) == 1 &&
                       ASN1_INTEGER_set_uint64(nonce.get(), number) == 1 &&
                       TS_REQ_set_nonce(query.get(), nonce.get()) == 1 && TS_REQ_set_cert_req(query.get(), 1) == 1,
                   "make a query for a time stamp");
  unsigned char* der = nullptr;
  const int size = i2d_TS_REQ(query.get(), &der);
  openssl::require(size > 0, "write a query for a time stamp");
  const openssl::Handle<unsigned char> owner(der);
  return {reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
}

TimeStampTrust TimeStampTrust::read(const std::filesystem::path& path) {
  return TimeStampTrust(X509Certificate::read_all(path, most_certificates));
}

std::string TimeStampTrust::names() const {
  std::string words;
  for (const X509Certificate& one : certificates_)
    words += fmt::format("{}{}", words.empty() ? "" : "; ", one.subject());
  return words;
}

TimeStamp read_time_stamp(std::string_view response, const Sha256Digest& digest) {
  return stamp_from(parsed_response(response).get(), digest);
}

TimeStamp judge_time_stamp(std::string_view response, const Sha256Digest& digest, const TimeStampTrust& trust) {
  const Response answer = parsed_response(response);
  TimeStamp stamp = stamp_from(answer.get(), digest);
  const std::unique_ptr<TS_VERIFY_CTX, With<TS_VERIFY_CTX_free>> context(TS_VERIFY_CTX_new());
  openssl::require(context != nullptr, "verify a time stamp");
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_SIGNATURE | TS_VFY_VERSION | TS_VFY_IMPRINT);
  TS_VERIFY_CTX_set_store(context.get(), stamp_store_of(trust, stamp.moment).release());
  auto* const imprint = static_cast<unsigned char*>(OPENSSL_memdup(digest.data(), digest.size()));
  openssl::require(imprint != nullptr, "verify a time stamp");
  TS_VERIFY_CTX_set_imprint(context.get(), imprint, static_cast<long>(digest.size()));
  if (TS_RESP_verify_response(context.get(), answer.get()) != 1) {
    disbelieve(fmt::format("it is not signed by a time stamp authority for which {} vouches (OpenSSL says: {})",
                           trust.names(), openssl::reason()));
  }
  stamp.authority = authority_of(TS_RESP_get_token(answer.get()));
  return stamp;
}

void require_answer_to(std::string_view query, std::string_view response) {
  const Query asked = decoded<Query, d2i_TS_REQ>(query, "query");
  const Response answered = parsed_response(response);
  TS_TST_INFO* info = granted(answered.get());
  const ASN1_INTEGER* nonce = TS_REQ_get_nonce(asked.get());
  const ASN1_INTEGER* echoed = TS_TST_INFO_get_nonce(info);
  if (nonce == nullptr || echoed == nullptr || ASN1_INTEGER_cmp(nonce, echoed) != 0)
    disbelieve("it answers another query: their nonces differ");
}

}  // namespace lightseed
