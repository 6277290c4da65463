// SPDX-License-Identifier: Apache-2.0
#include "crypto/trust.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "core/error.h"
#include "crypto/path.h"
#include "crypto/public_key.h"

namespace lightseed {
namespace {

constexpr std::size_t longest_chain = 10;

std::string subjects_of(std::span<const X509Certificate> certificates) {
  std::string words;
  for (const X509Certificate& certificate : certificates)
    words += fmt::format("{}{}", words.empty() ? "" : "; ", certificate.subject());
  return words;
}

/// Those that no other one issued.
std::vector<X509Certificate> tops_of(std::span<const X509Certificate> chain) {
  std::vector<X509Certificate> tops;
  for (const X509Certificate& one : chain) {
    const bool issued = std::ranges::any_of(
        chain, [&](const X509Certificate& other) { return other.get() != one.get() && one.is_issued_by(other); });
    if (!issued) tops.push_back(one);
  }
  return tops;
}

}  // namespace

TrustAnchor::TrustAnchor(X509Certificate certificate)
    : certificate_(std::move(certificate)), authority_(certificate_.is_authority()) {}

TrustAnchor TrustAnchor::read(const std::filesystem::path& path) {
  std::vector<X509Certificate> all = X509Certificate::read_all(path, longest_chain);
  if (all.size() == 1) return TrustAnchor(std::move(all.front()));
  return of_chain(std::move(all), path.string());
}

TrustAnchor TrustAnchor::of_chain(std::vector<X509Certificate> chain, const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    throw Error(Category::refused, fmt::format("{} holds {} certificates, {}; give one certificate to be trusted, or "
                                               "one chain to one certification authority",
                                               path, chain.size(), why));
  };
  for (const X509Certificate& one : chain)
    if (const auto kind = kind_of(one); kind && !is_available(*kind))
      refuse(fmt::format("one of them {}'s, of which nobody here can see whom it issued: {}", one.subject(),
                         absence_of(*kind)));
  std::set<std::string> fingerprints;
  for (const X509Certificate& one : chain)
    if (!fingerprints.insert(one.fingerprint()).second) refuse(fmt::format("{} twice", one.subject()));
  const std::vector<X509Certificate> tops = tops_of(chain);
  if (tops.size() != 1) refuse(fmt::format("{} of which no other one issued ({})", tops.size(), subjects_of(tops)));
  TrustAnchor anchor(tops.front());
  if (!anchor.authority_) refuse(fmt::format("and the last of them is no authority ({})", tops.front().subject()));
  for (X509Certificate& one : chain) {
    if (one.get() == tops.front().get()) continue;
    if (one.is_authority()) {
      anchor.between_.push_back(std::move(one));
    } else if (!anchor.leaf_) {
      anchor.leaf_ = std::move(one);
    } else {
      refuse(fmt::format("two of them signers' ({}; {})", anchor.leaf_->subject(), one.subject()));
    }
  }
  return anchor;
}

X509Certificate TrustAnchor::signer(const std::optional<X509Certificate>& offered) const {
  if (!authority_) return certificate_;
  if (!offered && !leaf_) {
    throw Error(Category::verdict,
                fmt::format("{} is a certification authority, and the signature comes without the certificate of its "
                            "signer: trust the signer's own certificate, or a chain with it",
                            certificate_.path()));
  }
  X509Certificate signer = offered ? *offered : *leaf_;
  if (leaf_ && signer.fingerprint() != leaf_->fingerprint()) {
    throw Error(Category::verdict, fmt::format("the signature is by {}, and the chain that is trusted is that of {}",
                                               signer.subject(), leaf_->subject()));
  }
  if (const auto path = find_path(signer, certificate_, between_, std::nullopt); !path.fault.empty()) {
    throw Error(Category::verdict, fmt::format("the certificate of the signer ({}) was not issued by {}, nor by an "
                                               "authority below it: {}",
                                               signer.subject(), certificate_.subject(), path.fault));
  }
  return signer;
}

void TrustAnchor::judge(const X509Certificate& signer, std::time_t issued, SignatureKind kind) const {
  signer.require_valid_at(issued);
  signer.require_end_entity_for(KeyUse::signing);
  if (!is_key_for(kind, X509_get0_pubkey(signer.get()))) {
    throw Error(Category::refused, fmt::format("the certificate {} ({}) holds no {}", signer.path(), signer.subject(),
                                               words_for(kind).key));
  }
  if (!authority_) {
    if (signer.fingerprint() != certificate_.fingerprint()) {
      throw Error(Category::refused, fmt::format("{} is not the certificate that is trusted", signer.subject()));
    }
    return;
  }
  certificate_.require_valid_at(issued);
  const CertificatePath path = find_path(signer, certificate_, between_, issued);
  if (!path.fault.empty()) {
    throw Error(Category::refused, fmt::format("at the time of issue the certificate of {} did not hold under {}: {}",
                                               signer.subject(), certificate_.subject(), path.fault));
  }
  const auto also = kind == SignatureKind::ecdsa_p384 ? std::nullopt : std::optional(kind);
  for (const X509Certificate& authority : std::span(path.certificates).subspan(1))
    (void)judge_public_key(authority, "issue certificates that are relied on", also);
}

}  // namespace lightseed
