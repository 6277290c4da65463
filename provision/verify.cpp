#include "provision/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/cms.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "crypto/merkle.h"
#include "provision/key_package.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view certificate_ending = ".certificate.json";
constexpr std::size_t largest_certificate = std::size_t{1} << 28;
constexpr std::size_t largest_key_file = 80'000'000;

fs::path find_certificate(const fs::path& directory) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) throw system_error("open", directory.string(), error.value());
  std::vector<fs::path> found;
  for (const auto& entry : entries) {
    if (entry.path().filename().string().ends_with(certificate_ending)) found.push_back(entry.path());
  }
  if (found.size() != 1) {
    throw Error(Category::verdict,
                fmt::format("{} holds {} files *{}, not one", directory.string(), found.size(), certificate_ending));
  }
  return found.front();
}

class Verification {
 public:
  Verification(fs::path directory, const X509Certificate& trusted, VerifyReport& report)
      : directory_(std::move(directory)), trusted_(trusted), report_(report) {}

  /// The directory holds the files of the certificate, unchanged, and nothing else.
  void check_files(const fs::path& certificate) {
    std::set<std::string> expected{certificate.filename().string()};
    bool good = true;
    for (const KeyFile& file : report_.certificate.files) {
      const fs::path path = directory_ / file.name;
      if (!expected.insert(file.name).second) good = fault(fmt::format("{} is listed twice", file.name));
      if (!fs::is_regular_file(path)) {
        good = fault(fmt::format("{} is missing", path.string()));
      } else if (fs::file_size(path) != file.bytes || hex(sha256_of_file(path)) != file.sha256) {
        good = fault(fmt::format("{} was changed: its SHA-256 is not the certified one", path.string()));
      }
    }
    for (const auto& entry : fs::directory_iterator(directory_)) {
      if (!expected.contains(entry.path().filename().string())) {
        good = fault(fmt::format("{} does not belong to the batch", entry.path().string()));
      }
    }
    if (good) {
      report_.checks.push_back(fmt::format("{} files have their certified SHA-256, and no other file is there",
                                           report_.certificate.files.size()));
    }
  }

  /// Opens the side the key is for and recomputes the Merkle root.
  void check_keys(const RecipientKey& key) {
    std::string why;
    for (const char* const side : {"card", "network"}) {
      try {
        open_side(side, key);
        report_.opened_side = side;
        return;
      } catch (const Error& e) {
        if (e.category() != Category::verdict || report_.blocks_opened > 0) throw;
        why = e.what();
      }
    }
    fault(fmt::format("the recipient's key opens neither side: {}", why));
  }

 private:
  fs::path directory_;
  const X509Certificate& trusted_;
  VerifyReport& report_;

  bool fault(std::string text) {
    report_.faults.push_back(std::move(text));
    return false;
  }

  void open_side(const std::string& side, const RecipientKey& key) {
    std::vector<Sha256Digest> leaves;
    std::unordered_set<std::string> iccids;
    std::unordered_set<std::string> ids;
    for (const KeyFile& file : report_.certificate.files) {
      if (file.side != side) continue;
      const std::string der = read_text_file(directory_ / file.name, largest_key_file);
      const SecretBytes signed_package = key.open(std::as_bytes(std::span(der.data(), der.size())));
      const ParsedKeyPackage package = parse_key_package(verify_package(signed_package.bytes(), trusted_));
      if (package.batch != report_.certificate.batch || package.key_bytes != report_.certificate.key_bytes ||
          package.blocks.size() != file.blocks) {
        fault(fmt::format("{} holds another batch, key size or number of blocks than certified", file.name));
      }
      for (const PackagedBlock& block : package.blocks) {
        if (block.key_count != report_.certificate.keys_per_sim || !iccids.insert(block.header.iccid).second ||
            !ids.insert(hex(block.header.id)).second) {
          fault(fmt::format("{}: block {} has another number of keys, or its ICCID or id stands twice", file.name,
                            hex(block.header.id)));
        }
        leaves.push_back(merkle_leaf(block.header.salt, block.header.id, block.header.iccid, block.keys));
        ++report_.blocks_opened;
      }
    }
    if (hex(merkle_root(leaves)) != report_.certificate.merkle_root) {
      fault(fmt::format("the Merkle root over the keys of the {} side is not the certified one", side));
    } else {
      report_.checks.push_back(fmt::format(
          "the {} side opens, is signed, and its {} blocks have the certified Merkle root", side, leaves.size()));
    }
  }
};

}  // namespace

VerifyReport verify(const fs::path& directory, const X509Certificate& trusted, const CheckAssessment& check_assessment,
                    const std::optional<RecipientKey>& key) {
  VerifyReport report;
  const fs::path certificate = find_certificate(directory);
  const std::string body = unseal(certificate_payload_type, read_text_file(certificate, largest_certificate), trusted);
  report.checks.push_back(fmt::format("the certificate is sealed by {}", trusted.subject()));
  report.certificate = read_certificate(body, check_assessment);
  if (report.certificate.faults.empty()) {
    report.checks.push_back("claim, cut-offs, output lengths and epsilon follow from the evidence");
  }
  report.faults = report.certificate.faults;
  if (certificate.filename() != report.certificate.batch + std::string(certificate_ending)) {
    report.faults.push_back(
        fmt::format("{} is the certificate of batch {}", certificate.string(), report.certificate.batch));
  }
  Verification verification(directory, trusted, report);
  verification.check_files(certificate);
  if (key) verification.check_keys(*key);
  return report;
}

}  // namespace lightseed
