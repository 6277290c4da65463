#include "entropy/condition/openssl_handles.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <array>

#include "core/error.h"

namespace lightseed::openssl {

void require(bool ok, std::string_view what) {
  if (ok) return;
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  throw Error(Category::io, fmt::format("OpenSSL cannot {}: {}", what, reason.data()));
}

}  // namespace lightseed::openssl
