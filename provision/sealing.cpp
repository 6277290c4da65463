// SPDX-License-Identifier: Apache-2.0
#include "provision/sealing.h"

#include <string.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "crypto/cms.h"
#include "crypto/digest.h"
#include "provision/outlet.h"

namespace lightseed {
namespace {

/// Ids begin with the time in milliseconds, as UUIDs of version 7 do, and go on with 80 random bits, which ascend
/// within a file: a ledger then appends them instead of spreading them over all it holds. Salts are random.
std::vector<BlockHeader> draw_headers(std::span<const OrderLine> lines) {
  constexpr std::size_t time_bytes = 6;
  using IdTail = std::array<std::byte, sizeof(BlockHeader::id) - time_bytes>;
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  std::vector<IdTail> tails(lines.size());
  system_random(std::as_writable_bytes(std::span(tails)));
  std::ranges::sort(tails);
  SecretBytes salts(lines.size() * sizeof(BlockHeader::salt));
  system_random(salts.bytes());
  std::vector<BlockHeader> headers(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    BlockHeader& header = headers[i];
    header.iccid = lines[i].iccid;
    header.imsi = lines[i].imsi;
    for (std::size_t b = 0; b < time_bytes; ++b)
      header.id[b] = static_cast<std::byte>(now >> (8 * (time_bytes - 1 - b)));
    std::ranges::copy(tails[i], header.id.begin() + time_bytes);
    std::copy_n(salts.data() + i * header.salt.size(), header.salt.size(), header.salt.begin());
  }
  return headers;
}

/// In a thread; where there is none to be had, at once.
std::future<void> begin_behind(const std::function<void()>& work) {
  try {
    return std::async(std::launch::async, work);
  } catch (const std::system_error&) {
    work();
    return {};
  }
}

}  // namespace

DrawnHeaders::DrawnHeaders(std::span<const OrderLine> lines) : headers_(draw_headers(lines)) {}

DrawnHeaders::~DrawnHeaders() {
  for (BlockHeader& header : headers_)
    explicit_bzero(header.salt.data(), header.salt.size());
}

FileInMaking::FileInMaking(std::uint64_t number, const std::string& batch, std::vector<OrderLine> lines,
                           DrawnHeaders headers, std::uint64_t keys_per_sim, std::size_t key_bytes, SecretBytes memory)
    : number_(number),
      lines_(std::move(lines)),
      headers_(std::move(headers)),
      package_(batch, headers_.all(), keys_per_sim, key_bytes, std::move(memory)) {}

void FileInMaking::make_keys(const std::function<void(std::span<std::byte>)>& make) {
  for (std::size_t i = 0; i < headers().size(); ++i) {
    const BlockHeader& header = headers()[i];
    const auto keys = package_.keys(i);
    make(keys);
    leaves_.push_back(merkle_leaf(header.salt, header.id, header.iccid, keys));
  }
}

Sealer::Sealer(const IssueRequest& request, std::string batch, std::filesystem::path staging)
    : request_(request), batch_(std::move(batch)), staging_(std::move(staging)), duplicates_(request.key_bytes) {}

void Sealer::require_different_keys(FileInMaking& file) {
  std::vector<std::span<const std::byte>> blocks;
  for (std::size_t i = 0; i < file.headers().size(); ++i)
    blocks.emplace_back(file.package().keys(i));
  if (!duplicates_.find(blocks)) return;
  throw Error(Category::health,
              "two keys of the batch are equal, which random keys never are: the source or the extraction repeats "
              "itself");
}

void Sealer::seal(FileInMaking& file) {
  require_different_keys(file);
  leaves_.insert(leaves_.end(), file.leaves().begin(), file.leaves().end());
  const SignedPackage signed_package = sign_package(file.package().der(), request_.signer);
  finish();
  const KeyFileContent content{.batch = batch_,
                               .lines = file.lines(),
                               .headers = file.headers(),
                               .package = file.package(),
                               .signed_package = signed_package};
  for (const OutletRequest& asked : request_.outlets) {
    const Outlet& outlet = outlet_named(asked.outlet);
    KeyFile written;
    written.name = key_file_name(outlet, batch_, file.number());
    written.outlet = outlet.name;
    written.blocks = file.headers().size();
    auto out = std::make_unique<AtomicFile>(staging_ / written.name, AtomicFile::Mode::secret);
    Sha256 hash;
    outlet.write(content, asked.recipient, [&](std::span<const std::byte> piece) {
      hash.update(piece);
      out->write(piece);
      written.bytes += piece.size();
    });
    written.sha256 = hex(hash.digest());
    files_.push_back(std::move(written));
    nameless_.push_back(std::move(out));
  }
  name_behind();
}

/// A disk lets its caller wait for about as long as a file takes to be sealed.
void Sealer::name_behind() {
  naming_ = begin_behind([this] {
    std::vector<AtomicFile*> together;
    for (const auto& file : nameless_)
      together.push_back(file.get());
    AtomicFile::commit_together(together);
  });
}

void Sealer::finish() {
  if (naming_.valid()) naming_.get();
  nameless_.clear();
}

void Sealer::settle() const noexcept {
  if (naming_.valid()) naming_.wait();
}

SealingBehind::~SealingBehind() {
  if (running_.valid()) running_.wait();
  sealer_.settle();
}

void SealingBehind::hand_over(std::unique_ptr<FileInMaking> file) {
  wait();
  file_ = std::move(file);
  running_ = begin_behind([this] { sealer_.seal(*file_); });
}

void SealingBehind::finish() {
  wait();
  sealer_.finish();
}

void SealingBehind::wait() {
  if (running_.valid()) running_.get();
  if (file_) spare_ = file_->package().take_memory();
  file_.reset();
}

}  // namespace lightseed
