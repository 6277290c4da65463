#include "provision/issue.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <optional>

#include "core/atomic_directory.h"
#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "crypto/cms.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "crypto/merkle.h"
#include "provision/certificate_writer.h"
#include "provision/duplicate_scan.h"
#include "provision/file_limits.h"
#include "provision/key_package.h"
#include "provision/ledger/ledger.h"
#include "provision/verify.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

/// All keys of the order together.
std::uint64_t key_bytes_of(const IssueRequest& request) {
  return request.order.lines.size() * request.keys_per_sim * request.key_bytes;
}

/// What makes two requests for one order id the same. Text, so that the ledger can keep and compare it.
std::string fingerprint(const IssueRequest& request) {
  Json json{{"order_sha256", request.order.sha256},  {"sims", request.order.lines.size()},
            {"keys_per_sim", request.keys_per_sim},  {"key_bytes", request.key_bytes},
            {"log2_epsilon", request.log2_epsilon},  {"card", request.card.describe()},
            {"network", request.network.describe()}, {"signer", request.signer.certificate().fingerprint()}};
  if (request.expansion.construction != Construction::full_entropy) {
    json["expansion"] = RandomBits::evidence_of(request.expansion, key_bytes_of(request));
  }
  return json.dump();
}

/// Brings every batch a crash left behind to its end. The caller holds the ledger's lock.
void finish_the_unfinished(Ledger& ledger, const std::function<void(const std::string&)>& tell) {
  for (const BatchRecord& batch : ledger.batches()) {
    if (batch.state == "GENERATED" || batch.state == "CERTIFIED") {
      fs::remove_all(batch.staging);
      tell(fmt::format("batch {} of order {} was cut off: {} blocks burned, its unfinished files removed", batch.id,
                       batch.order_id, ledger.burn(batch.id)));
    } else if (batch.state == "ISSUED" && fs::exists(batch.staging)) {
      publish_directory(batch.staging, batch.directory);
      tell(fmt::format("batch {} of order {} was issued but not yet in place: its files are now in {}", batch.id,
                       batch.order_id, batch.directory));
    }
  }
}

/// The files of a batch that was issued before, if they are what the ledger remembers.
IssueResult issued_before(const BatchRecord& batch, const IssueRequest& request) {
  const auto refuse = [&](const std::string& why) {
    throw Error(Category::refused, fmt::format("order {} was issued already as batch {} on {}; {}. No second keys are "
                                               "made for one order id: a new order needs a new --order-id",
                                               batch.order_id, batch.id, batch.created, why));
  };
  if (batch.request != fingerprint(request))
    refuse("that was for another order file, other sizes, recipients or signer");
  if (batch.directory != request.directory) refuse(fmt::format("its files are in {}", batch.directory));
  IssueResult result;
  result.already_issued = true;
  result.batch = batch.id;
  result.directory = batch.directory;
  result.purpose = batch.purpose;
  result.certificate = batch.id + ".certificate.json";
  const fs::path certificate = result.directory / result.certificate;
  if (!fs::exists(certificate) || hex(sha256_of_file(certificate)) != batch.certificate_sha256) {
    refuse(fmt::format("its certificate is no longer in {}", batch.directory));
  }
  const CertifiedBatch reading = read_sealed_certificate(certificate, request.signer.certificate()).batch;
  for (const KeyFile& file : reading.files) {
    const fs::path path = result.directory / file.name;
    if (!fs::exists(path) || hex(sha256_of_file(path)) != file.sha256) {
      refuse(fmt::format("{} is no longer as it was issued", path.string()));
    }
  }
  result.provenance = reading.provenance;
  result.key_bytes = *reading.all_key_bytes();
  result.merkle_root = reading.merkle_root;
  result.files = reading.files;
  return result;
}

void require_sane(const IssueRequest& request) {
  if (request.key_bytes < 16 || request.key_bytes > 64) {
    throw Error(Category::usage, fmt::format("--key-bytes {} is not between 16 and 64", request.key_bytes));
  }
  if (request.keys_per_sim == 0 || request.keys_per_sim > largest_block_bytes / request.key_bytes) {
    throw Error(
        Category::usage,
        fmt::format("--keys-per-sim {} is not between 1 and {}: the keys of a SIM may fill {} MB", request.keys_per_sim,
                    largest_block_bytes / request.key_bytes, largest_block_bytes / 1'000'000));
  }
}

/// A batch between its first block and ISSUED.
class Workshop {
 public:
  Workshop(const IssueRequest& request, const IssueWorld& world, Ledger& ledger, KeyStream& keys)
      : request_(request),
        world_(world),
        ledger_(ledger),
        keys_(keys),
        bits_(request.expansion, [this](std::span<std::byte> out) { keys_.fill(out, world_.patience); }) {
    batch_.id = uuid_v7();
    batch_.order_id = request.order.id;
    batch_.request = fingerprint(request);
    batch_.directory = request.directory.string();
    batch_.staging =
        (request.directory.parent_path() / fmt::format(".{}.{}", request.directory.filename().string(), batch_.id))
            .string();
    batch_.created = utc_text(std::time(nullptr));
  }

  IssueResult run() {
    ledger_.begin(batch_);
    try {
      fs::create_directory(batch_.staging);
      fs::permissions(batch_.staging, fs::perms::owner_all);
      make_key_files();
      seal_certificate();
      ledger_.issue(batch_.id);
    } catch (const fs::filesystem_error& e) {
      abandon(system_error("create", e.path1().string(), e.code().value()));
    } catch (const Error& e) {
      abandon(e);
    }
    publish_directory(batch_.staging, batch_.directory);
    result_.directory = batch_.directory;
    return result_;
  }

 private:
  const IssueRequest& request_;
  const IssueWorld& world_;
  Ledger& ledger_;
  KeyStream& keys_;
  RandomBits bits_;
  BatchRecord batch_;
  IssueResult result_;
  std::vector<Sha256Digest> leaves_;

  /// Burns what was begun and says so in the error that ended it.
  [[noreturn]] void abandon(const Error& why) {
    std::error_code ignored;
    fs::remove_all(batch_.staging, ignored);
    std::string burned;
    try {
      burned = fmt::format("{} blocks burned", ledger_.burn(batch_.id));
    } catch (const Error& ledger_failure) {
      // A full disk may hold the ledger too. The batch stays GENERATED, so nothing of it can ever be issued.
      burned = fmt::format("its blocks will be burned when the ledger is next issued from ({})", ledger_failure.what());
    }
    throw Error(why.category(), fmt::format("{}; {}, no file was written", why.what(), burned));
  }

  void make_key_files() {
    const auto& lines = request_.order.lines;
    const std::uint64_t block_bytes = request_.keys_per_sim * request_.key_bytes;
    const std::uint64_t blocks_per_file = std::max<std::uint64_t>(1, usual_file_bytes / block_bytes);
    DuplicateScan duplicates(blocks_per_file * request_.keys_per_sim, request_.key_bytes);
    for (std::size_t first = 0, number = 1; first < lines.size(); first += blocks_per_file, ++number) {
      const auto count = std::min<std::uint64_t>(blocks_per_file, lines.size() - first);
      make_key_file(number, std::span(lines).subspan(first, count), duplicates);
      world_.progress(first + count, lines.size());
    }
  }

  void make_key_file(std::size_t number, std::span<const OrderLine> lines, DuplicateScan& duplicates) {
    std::vector<BlockHeader> headers(lines.size());
    std::vector<BlockEntry> entries(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      headers[i].iccid = lines[i].iccid;
      headers[i].imsi = lines[i].imsi;
      system_random(headers[i].id);
      system_random(headers[i].salt);
      entries[i] = {.id = headers[i].id, .iccid = lines[i].iccid, .file = static_cast<std::int64_t>(number)};
    }
    ledger_.add_blocks(batch_.id, entries);

    KeyPackage package(batch_.id, headers, request_.keys_per_sim, request_.key_bytes);
    duplicates.clear();
    for (std::size_t i = 0; i < headers.size(); ++i) {
      const auto block = package.keys(i);
      bits_.generate(block);
      if (duplicates.add(block)) {
        throw Error(Category::health,
                    "two keys of the batch are equal, which random keys never are: the source or "
                    "the extraction repeats itself");
      }
      leaves_.push_back(merkle_leaf(headers[i].salt, headers[i].id, headers[i].iccid, block));
    }
    const SignedPackage signed_package = sign_package(package.der(), request_.signer);
    write_key_file("card", number, headers.size(), signed_package, request_.card);
    write_key_file("network", number, headers.size(), signed_package, request_.network);
  }

  void write_key_file(const char* side, std::size_t number, std::uint64_t blocks, const SignedPackage& signed_package,
                      const Recipient& recipient) {
    KeyFile file;
    file.name = fmt::format("{}.{}.{:03}.p7m", batch_.id, side, number);
    file.outlet = side;
    file.blocks = blocks;
    AtomicFile out(fs::path(batch_.staging) / file.name, AtomicFile::Mode::secret);
    Sha256 hash;
    envelop(signed_package, recipient, [&](std::span<const std::byte> piece) {
      hash.update(piece);
      out.write(piece);
      file.bytes += piece.size();
    });
    out.commit();
    file.sha256 = hex(hash.digest());
    result_.files.push_back(std::move(file));
  }

  void seal_certificate() {
    result_.batch = batch_.id;
    result_.provenance = keys_.info().provenance;
    result_.purpose = purpose_of(result_.provenance);
    result_.key_bytes = key_bytes_of(request_);
    result_.merkle_root = hex(merkle_root(leaves_));
    result_.certificate = batch_.id + ".certificate.json";
    // By side, then by number: the order the Merkle leaves are in.
    std::stable_sort(result_.files.begin(), result_.files.end(),
                     [](const KeyFile& a, const KeyFile& b) { return a.outlet < b.outlet; });
    const std::string envelope =
        seal(certificate_payload_type,
             certificate_body({.batch = batch_.id,
                               .order = {{"id", request_.order.id}, {"sha256", request_.order.sha256}},
                               .sims = request_.order.lines.size(),
                               .keys_per_sim = request_.keys_per_sim,
                               .key_bytes = request_.key_bytes,
                               .created = batch_.created,
                               .provenance = result_.provenance,
                               .evidence = keys_.evidence(),
                               .expansion = bits_.evidence(),
                               .merkle_root = result_.merkle_root,
                               .files = result_.files,
                               .card_recipient = request_.card.describe(),
                               .network_recipient = request_.network.describe(),
                               .signer = {{"subject", request_.signer.certificate().subject()},
                                          {"certificate_sha256", request_.signer.certificate().fingerprint()}}}),
             request_.signer);
    AtomicFile out(fs::path(batch_.staging) / result_.certificate, AtomicFile::Mode::open);
    out.write(envelope);
    out.commit();
    ledger_.certify(batch_.id, result_.purpose,
                    hex(sha256(std::as_bytes(std::span(envelope.data(), envelope.size())))));
  }
};

}  // namespace

IssueResult issue(const IssueRequest& given, const IssueWorld& world) {
  require_sane(given);
  IssueRequest request = given;
  request.directory = fs::absolute(given.directory).lexically_normal();
  if (!request.directory.has_filename()) request.directory = request.directory.parent_path();

  const LedgerLock lock(request.ledger);
  Ledger ledger(request.ledger);
  finish_the_unfinished(ledger, world.tell);
  if (const auto live = ledger.live_batch_of_order(request.order.id)) return issued_before(*live, request);
  require_free_directory(request.directory);

  const std::unique_ptr<Source> source = world.open_source();
  KeyStream keys(*source,
                 {.bytes = RandomBits::entropy_bytes(request.expansion, key_bytes_of(request)),
                  .log2_epsilon = request.log2_epsilon},
                 world.assess, world.patience);
  return Workshop(request, world, ledger, keys).run();
}

}  // namespace lightseed
