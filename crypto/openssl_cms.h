// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/cms.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <span>

#include "core/byte_views.h"
#include "crypto/der.h"
#include "crypto/handles.h"

namespace lightseed::openssl {

/// The cipher of a CMS message, ready for its content: keyed, with nonce and, for opening, the tag. OpenSSL wraps it in
/// a chain of filters; what is put through the cipher itself counts for the tag just as well, and needs no buffers.
class ContentCipher {
 public:
  /// The content key must be settled. Throws Error(crypto) "OpenSSL cannot WHAT".
  ContentCipher(CMS_ContentInfo* message, std::string_view what)
      : nowhere_(BIO_new(BIO_s_null())), first_(CMS_dataInit(message, nowhere_.get())) {
    if (first_ == nullptr || BIO_get_cipher_ctx(first_, &context_) != 1 || context_ == nullptr) {
      drop();
      require(false, what);
    }
  }
  ~ContentCipher() { drop(); }
  ContentCipher(const ContentCipher&) = delete;
  ContentCipher& operator=(const ContentCipher&) = delete;

  [[nodiscard]] EVP_CIPHER_CTX* context() const noexcept { return context_; }
  [[nodiscard]] BIO* chain() const noexcept { return first_; }

 private:
  Handle<BIO> nowhere_;
  BIO* first_;
  EVP_CIPHER_CTX* context_ = nullptr;  ///< the filter's own

  /// Frees the filters in front of `nowhere_`, which has its own owner.
  void drop() noexcept {
    while (first_ != nullptr && first_ != nowhere_.get()) {
      BIO* const next = BIO_pop(first_);
      BIO_free(first_);
      first_ = next;
    }
    first_ = nullptr;
  }
};

/// Cuts content into pieces that stay in the cache on their way through cipher, hash and write.
template <typename Take>
void for_each_piece(std::span<const std::byte> content, Take take) {
  constexpr std::size_t largest = 64 * 1024;
  while (!content.empty()) {
    const auto piece = content.first(std::min(largest, content.size()));
    take(piece);
    content = content.subspan(piece.size());
  }
}

/// The DER of a message.
inline Der encoded(CMS_ContentInfo* message) {
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(message, &der);
  require(size > 0, "encode a CMS message");
  const Handle<unsigned char> owner(der);
  return Der(text_of(std::as_bytes(std::span(der, static_cast<std::size_t>(size)))));
}

}  // namespace lightseed::openssl
