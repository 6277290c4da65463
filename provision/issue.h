#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/patience.h"
#include "crypto/recipient.h"
#include "crypto/signer.h"
#include "entropy/drbg/random_bits.h"
#include "pipeline/key_stream.h"
#include "provision/certificate.h"
#include "provision/order.h"

namespace lightseed {

/// Everything `batch issue` needs to know.
struct IssueRequest {
  Order order;
  std::uint64_t keys_per_sim = 0;  ///< > 0
  std::size_t key_bytes = 16;      ///< 16 to 64
  Recipient card;
  Recipient network;
  Signer signer;
  std::filesystem::path ledger;
  std::filesystem::path directory;  ///< where the batch appears; new, or empty
  int log2_epsilon = -64;
  std::string extractor = "modified-toeplitz";  ///< registered name of one with a seed
  RandomBits::Settings expansion{};             ///< what stands between the extractor and the keys; nothing unless said
};

struct IssueResult {
  bool already_issued = false;  ///< the order was issued before; these are its files, nothing was generated
  std::string batch;
  std::filesystem::path directory;
  std::string purpose;
  Provenance provenance = Provenance::simulated;
  std::uint64_t key_bytes = 0;  ///< all keys together
  std::string merkle_root;
  std::string certificate;  ///< file name
  std::vector<KeyFile> files;
};

/// The world around issue(): where samples come from, how they are assessed, who is told.
struct IssueWorld {
  std::function<std::unique_ptr<Source>()> open_source;
  Assess assess;
  Patience patience;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = [](auto, auto) {};  ///< SIMs
  std::function<void(const std::string&)> tell = [](const auto&) {};  ///< sentences worth a person's attention
};

/// Makes the keys of an order, once.
///
/// The files are written into a hidden directory beside the target; then the certificate is sealed, the ledger says
/// ISSUED, and the directory gets its name in one step. Whatever happens before ISSUED burns the blocks and removes the
/// hidden directory – at once, or after a crash when the ledger is next issued from. Whatever happens after it is
/// finished by the next run. Memory stays bounded by one key file.
///
/// Throws Error; then no file is visible and the sentence says how many blocks were burned.
IssueResult issue(const IssueRequest& request, const IssueWorld& world);

}  // namespace lightseed
