// SPDX-License-Identifier: Apache-2.0
#include "provision/further_signatures.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <utility>

#include "core/clock.h"
#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::array<std::string_view, most_further_signatures> further_places{"second", "third"};

/// The certificate names who signed. Empty when it does.
std::string fault_of_record(const X509Certificate& signer, const std::optional<SignerRecord>& named,
                            std::string_view place) {
  if (!named) {
    return fmt::format("the certificate names no {} signer, and {} signed it: that signature was added later", place,
                       signer.subject());
  }
  if (named->certificate_sha256 != signer.fingerprint() || named->subject != signer.subject()) {
    return fmt::format("the certificate names {} as its {} signer, and {} signed it", named->subject, place,
                       signer.subject());
  }
  return {};
}

/// What a rule that throws says; empty when it holds.
template <typename Rule>
std::string fault_of(const Rule& rule) {
  try {
    rule();
    return {};
  } catch (const Error& why) {
    return why.what();
  }
}

/// What keeps this signer from having signed then, as far as anybody can tell; empty when nothing does.
std::string fault_of_signer(const FurtherSignature& signature, std::time_t issued) {
  return fault_of([&] {
    if (signature.checked && signature.signer.has_known_signature())
      return TrustAnchor(signature.signer).judge(signature.signer, issued, signature.kind);
    signature.signer.require_valid_at(issued);
    signature.signer.require_use(KeyUse::signing);
  });
}

/// Why nobody can see here who vouches for a signature; empty where that can be seen.
std::string unseen_reason(const JudgedSignature& signature) {
  if (!signature.checked) return absence_of(signature.kind);
  if (signature.signer.has_known_signature()) return {};
  return fmt::format("this machine's libcrypto ({}) does not know the algorithm that its certificate is signed with",
                     OpenSSL_version(OPENSSL_VERSION));
}

/// Which anchor vouches for which signature, and why not.
class Vouching {
 public:
  Vouching(const std::vector<TrustAnchor>& anchors, std::vector<JudgedSignature>& signatures, std::time_t issued)
      : anchors_(anchors), signatures_(signatures), owners_(signatures.size()), why_not_(anchors.size()) {
    for (std::size_t anchor = 0; anchor < anchors.size(); ++anchor)
      for (const JudgedSignature& signature : signatures) {
        std::string unseen = unseen_reason(signature);
        why_not_[anchor].push_back(!unseen.empty() ? std::move(unseen) : fault_of([&] {
          (void)anchors[anchor].signer(signature.signer);
          anchors[anchor].judge(signature.signer, issued, signature.kind);
        }));
      }
    for (std::size_t anchor = 0; anchor < anchors.size(); ++anchor) {
      std::vector<bool> seen(signatures.size());
      placed_.push_back(place(anchor, seen));
    }
    for (std::size_t i = 0; i < signatures.size(); ++i)
      signatures[i].vouched = owners_[i].has_value();
  }

  /// The signatures for which, as can be seen, nobody vouches.
  [[nodiscard]] std::size_t strangers() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        signatures_, [](const JudgedSignature& one) { return unseen_reason(one).empty() && !one.vouched; }));
  }
  [[nodiscard]] bool is_placed(std::size_t anchor) const { return placed_[anchor]; }
  /// The anchor that vouches for a signature; null: none does.
  [[nodiscard]] const TrustAnchor* owner(std::size_t signature) const {
    return owners_[signature] ? &anchors_[*owners_[signature]] : nullptr;
  }
  /// Why this anchor vouches for none of those.
  [[nodiscard]] std::string why_not(std::size_t anchor) const {
    std::string words;
    for (std::size_t i = 0; i < signatures_.size(); ++i) {
      if (why_not_[anchor][i].empty() || !unseen_reason(signatures_[i]).empty()) continue;
      words += fmt::format("{}{}", words.empty() ? "" : "; ", why_not_[anchor][i]);
    }
    return words;
  }

 private:
  const std::vector<TrustAnchor>& anchors_;
  std::vector<JudgedSignature>& signatures_;
  std::vector<std::optional<std::size_t>> owners_;  ///< of each signature, an anchor
  std::vector<std::vector<std::string>> why_not_;   ///< [anchor][signature]; empty: it vouches
  std::vector<bool> placed_;

  /// Finds a signature for this anchor; one that is taken where its anchor finds another.
  bool place(std::size_t anchor, std::vector<bool>& seen) {
    for (std::size_t i = 0; i < owners_.size(); ++i) {
      if (!why_not_[anchor][i].empty() || seen[i]) continue;
      seen[i] = true;
      if (owners_[i] && !place(*owners_[i], seen)) continue;
      owners_[i] = anchor;
      return true;
    }
    return false;
  }
};

/// Says who vouches for what, and what the anchors ask for and is not there.
void judge_vouching(const std::vector<TrustAnchor>& anchors, std::time_t issued, JudgedSignatures& judged,
                    CertificateReading& reading) {
  const Vouching vouching(anchors, judged.all, issued);
  for (std::size_t i = 0; i < judged.all.size(); ++i) {
    const JudgedSignature& signature = judged.all[i];
    if (const TrustAnchor* const anchor = vouching.owner(i)) {
      reading.checks.push_back(
          fmt::format("{} vouches for the {} signature", anchor->certificate().subject(), further_places[i]));
    } else if (signature.checked) {
      reading.notices.push_back(fmt::format("the {} signature is there and not judged: nobody vouched for {}",
                                            further_places[i], signature.signer.subject()));
    }
  }
  const auto unseen =
      std::ranges::find_if(judged.all, [](const JudgedSignature& one) { return !unseen_reason(one).empty(); });
  std::size_t strangers = vouching.strangers();
  for (std::size_t anchor = 0; anchor < anchors.size(); ++anchor) {
    if (vouching.is_placed(anchor)) continue;
    const X509Certificate& asked = anchors[anchor].certificate();
    const auto own_kind = kind_of(asked);
    if (own_kind && !is_available(*own_kind)) {
      judged.refusals.push_back(fmt::format("whether {} vouches for a signature cannot be seen here: {}",
                                            asked.subject(), absence_of(*own_kind)));
    } else if (unseen != judged.all.end()) {
      judged.refusals.push_back(fmt::format("whether {} vouches for the signature of {} cannot be seen here: {}",
                                            asked.subject(), unseen->signer.subject(), unseen_reason(*unseen)));
    } else if (strangers > 0) {
      --strangers;
      reading.faults.push_back(
          judged.all.size() == 1
              ? fmt::format("the second signature is not by whom is trusted for it: {}", vouching.why_not(anchor))
              : fmt::format("a further signature is not by whom is trusted for it: {}", vouching.why_not(anchor)));
    } else {
      judged.refusals.push_back(
          fmt::format("the certificate has no {} signature, and the policy wants one for which {} "
                      "vouches",
                      judged.all.empty() ? "second" : "further", asked.subject()));
    }
  }
}

void judge_kinds(const std::vector<SignatureKind>& kinds, JudgedSignatures& judged) {
  for (const SignatureKind kind : kinds) {
    if (kind == SignatureKind::ecdsa_p384) continue;
    const auto found = std::ranges::find(judged.all, kind, &JudgedSignature::kind);
    if (found == judged.all.end()) {
      judged.refusals.push_back(
          fmt::format("the certificate has no signature of {}, and the policy wants one", words_for(kind).algorithms));
    } else if (!found->checked) {
      judged.refusals.push_back(fmt::format("the policy wants the signature of {} to hold, and it was not checked: {}",
                                            words_for(kind).algorithms, absence_of(kind)));
    }
  }
}

}  // namespace

std::vector<std::string> floors_of(const SignatureDemands& demands) {
  std::vector<std::string> floors;
  for (const TrustAnchor& anchor : demands.trust)
    floors.push_back(fmt::format("a further signature, for which {} vouches", anchor.certificate().subject()));
  for (const SignatureKind kind : demands.kinds)
    floors.push_back(fmt::format("a signature of {} that holds", words_for(kind).algorithms));
  return floors;
}

JudgedSignatures judge_further_signatures(std::span<const FurtherSignature> signatures, const SignatureDemands& demands,
                                          CertificateReading& reading) {
  const std::array named{&reading.batch.second_signer, &reading.batch.third_signer};
  const std::time_t issued = moment_from(reading.batch.created).value_or(0);
  const std::size_t faults_before = reading.faults.size();
  JudgedSignatures judged;
  for (std::size_t i = 0; i < further_places.size(); ++i) {
    if (i >= signatures.size()) {
      if (*named[i]) {
        reading.faults.push_back(
            fmt::format("the certificate names {} as its {} signer, and that signature is not there: it was taken away",
                        (*named[i])->subject, further_places[i]));
      }
      continue;
    }
    const FurtherSignature& signature = signatures[i];
    if (std::string fault = fault_of_record(signature.signer, *named[i], further_places[i]); !fault.empty()) {
      reading.faults.push_back(std::move(fault));
      continue;
    }
    const std::string own = fault_of_signer(signature, issued);
    if (!own.empty()) {
      reading.faults.push_back(fmt::format("the {} signer was not allowed to sign on {}: {}", further_places[i],
                                           reading.batch.created, own));
      continue;
    }
    judged.all.push_back({.signer = signature.signer, .kind = signature.kind, .checked = signature.checked});
    if (signature.checked) {
      reading.checks.push_back(fmt::format("a {} signature, {}, is by the key of {}, whom the certificate names",
                                           further_places[i], words_for(signature.kind).algorithms,
                                           signature.signer.subject()));
    } else {
      reading.notices.push_back(fmt::format("the {} signature, of {} by {}, is there and not checked: {}",
                                            further_places[i], words_for(signature.kind).algorithms,
                                            signature.signer.subject(), absence_of(signature.kind)));
    }
  }
  // What is a fault for everybody needs nobody's trust.
  if (reading.faults.size() > faults_before) return judged;
  judge_vouching(demands.trust, issued, judged, reading);
  judge_kinds(demands.kinds, judged);
  return judged;
}

}  // namespace lightseed
