#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct evp_cipher_ctx_st;

namespace lightseed::simulated {

/// The randomness of a simulator: AES-128 in counter mode, its key made from a model's name, a seed and the number of
/// the restart. Whoever knows these three can draw the same samples again: proof that they hold no entropy.
class Keystream {
 public:
  Keystream(std::string_view model, std::uint64_t seed, std::uint64_t restart);

  /// The next words of the stream.
  void fill(std::span<std::uint32_t> words);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

}  // namespace lightseed::simulated
