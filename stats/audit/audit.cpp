// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "stats/run/run_jobs.h"
#include "stats/verdict/verdict.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t round_bytes = std::size_t{4} << 20;  ///< collected before the cores are set to work
constexpr std::size_t job_bytes = 128'000;                 ///< small chunks are looked at together, up to here

struct Job {
  SuiteRun* run;
  std::span<const std::byte> chunks;
};

std::vector<const Suite*> chosen(const std::vector<std::string>& ids) {
  std::vector<const Suite*> list;
  for (const std::string& id : ids) {
    const Suite* const suite = &find_suite(id);
    if (std::find(list.begin(), list.end(), suite) == list.end()) list.push_back(suite);
  }
  if (!ids.empty()) return list;
  for (const Suite& suite : suites()) {
    if (!suite.on_request) list.push_back(&suite);
  }
  return list;
}

/// The options that concern this suite.
SuiteOptions options_for(const Suite& suite, const AuditOptions& options) {
  const auto& profiles = suite.profiles;
  SuiteOptions own;
  if (!profiles.empty()) own.profile = profiles.front();
  if (std::find(profiles.begin(), profiles.end(), options.profile) != profiles.end()) own.profile = options.profile;
  if (suite.has_sequences) own.sequence_bits = options.sequence_bits;
  return own;
}

/// Of the stream, that a run takes.
std::uint64_t most_bytes(const SuiteRun& run) {
  return run.most_chunks() > UINT64_MAX / run.chunk_bytes() ? UINT64_MAX : run.most_chunks() * run.chunk_bytes();
}

/// A profile or a length that no chosen suite takes was a mistake.
void refuse_idle_options(const std::vector<const Suite*>& list, const AuditOptions& options) {
  std::string known;
  bool found = options.profile.empty();
  bool sequences = false;
  for (const Suite* suite : list) {
    sequences = sequences || suite->has_sequences;
    for (const std::string_view profile : suite->profiles) {
      found = found || profile == options.profile;
      known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", profile, suite->id);
    }
  }
  if (!found) {
    throw Error(Category::usage, fmt::format("there is no profile \"{}\"; there are {}", options.profile,
                                             known.empty() ? "none of these suites" : known));
  }
  if (!options.sequence_bits) return;
  if (!sequences) throw Error(Category::usage, "the length of a sequence is fixed in these suites");
  if (*options.sequence_bits % 8 != 0 || *options.sequence_bits < 8) {
    throw Error(Category::usage,
                fmt::format("sequences of {} bits: whole bytes are taken, so a multiple of 8", *options.sequence_bits));
  }
}

}  // namespace

Audit::Audit(AuditOptions options) : options_(std::move(options)) {
  const auto list = chosen(options_.suites);
  refuse_idle_options(list, options_);
  for (const Suite* suite : list) {
    works_.push_back({.run = suite->begin(options_for(*suite, options_))});
    works_.back().until = most_bytes(*works_.back().run);
  }
}

Audit::~Audit() = default;

void Audit::add(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), round_bytes - unseen_));
    for (Work& work : works_) {
      const std::uint64_t from = std::clamp(work.from, position_, position_ + part.size()) - position_;
      const std::uint64_t until = std::clamp(work.until, position_, position_ + part.size()) - position_;
      work.waiting.insert(work.waiting.end(), part.begin() + static_cast<std::ptrdiff_t>(from),
                          part.begin() + static_cast<std::ptrdiff_t>(until));
    }
    bytes_ += part.size();
    position_ += part.size();
    unseen_ += part.size();
    bytes = bytes.subspan(part.size());
    if (unseen_ == round_bytes) look_at_whole_chunks();
  }
}

void Audit::look_at_whole_chunks() {
  std::vector<Job> jobs;
  std::vector<std::size_t> used;
  for (const Work& work : works_) {
    const std::size_t chunk = work.run->chunk_bytes();
    const std::size_t together = std::max<std::size_t>(1, job_bytes / chunk) * chunk;
    const std::size_t whole = work.waiting.size() / chunk * chunk;
    for (std::size_t at = 0; at < whole; at += together)
      jobs.push_back({work.run.get(), std::span(work.waiting).subspan(at, std::min(together, whole - at))});
    used.push_back(whole);
  }
  std::vector<std::function<void()>> notes(jobs.size());
  run_jobs(jobs.size(), {.threads = options_.threads, .stop = options_.stop},
           [&](std::size_t k) { notes[k] = jobs[k].run->look(jobs[k].chunks); });
  for (const auto& note : notes)
    note();
  for (std::size_t k = 0; k < works_.size(); ++k) {
    auto& waiting = works_[k].waiting;
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(used[k]));
  }
  unseen_ = 0;
}

void Audit::close() {
  look_at_whole_chunks();
  for (Work& work : works_) {
    if (has_end_) work.run->close(work.waiting);
    work.waiting.clear();
  }
  has_end_ = false;
}

/// Bytes from `at` on that are `shard`'s, cut at whole chunks; rounded so that shards meet without gap or overlap.
ByteRange Audit::share_of(const SuiteRun& run, const Shard& shard, std::uint64_t stream_bytes) {
  const std::uint64_t chunk = run.chunk_bytes();
  stream_bytes = std::min(stream_bytes, most_bytes(run));
  const std::uint64_t chunks = stream_bytes / chunk;
  // floor(chunks * k / of), in an order that does not overflow.
  const auto before = [&](std::uint64_t k) { return chunks / shard.of * k + chunks % shard.of * k / shard.of; };
  const std::uint64_t at = before(shard.index - 1) * chunk;
  const std::uint64_t end = shard.index == shard.of ? stream_bytes : before(shard.index) * chunk;
  return {.at = at, .bytes = end - at};
}

ByteRange Audit::range_of(const Shard& shard, std::uint64_t stream_bytes) const {
  std::uint64_t at = UINT64_MAX;
  std::uint64_t end = 0;
  for (const Work& work : works_) {
    const ByteRange share = share_of(*work.run, shard, stream_bytes);
    if (share.bytes == 0) continue;
    at = std::min(at, share.at);
    end = std::max(end, share.at + share.bytes);
  }
  return end == 0 ? ByteRange{} : ByteRange{.at = at, .bytes = end - at};
}

void Audit::begin(const Shard& shard, std::uint64_t stream_bytes) {
  for (Work& work : works_) {
    const ByteRange share = share_of(*work.run, shard, stream_bytes);
    work.from = share.at;
    work.until = share.at + share.bytes;
    work.run->begin_at(share.at / work.run->chunk_bytes());
  }
  position_ = range_of(shard, stream_bytes).at;
  has_end_ = shard.index == shard.of;
}

std::vector<AuditPartSuite> Audit::part() {
  close();
  std::vector<AuditPartSuite> parts;
  for (const Work& work : works_)
    parts.push_back(work.run->part());
  return parts;
}

void Audit::append(const std::vector<AuditPartSuite>& parts, std::uint64_t bytes) {
  if (parts.size() != works_.size()) {
    throw Error(Category::malformed,
                fmt::format("a part of an audit has {} suites, not {}", parts.size(), works_.size()));
  }
  for (std::size_t k = 0; k < works_.size(); ++k)
    works_[k].run->append(parts[k]);
  bytes_ += bytes;
  has_end_ = false;
}

AuditRecord Audit::finish() {
  close();
  AuditRecord record;
  record.bits = bytes_ * 8;
  for (Work& work : works_)
    record.suites.push_back(work.run->conclude());
  // What a run does not take never came to it.
  for (std::size_t k = 0; k < works_.size(); ++k) {
    const std::uint64_t most = most_bytes(*works_[k].run);
    if (bytes_ > most) record.suites[k].trailing_bits = (bytes_ - most) * 8;
  }
  record.verdict = judge(record.suites);
  return record;
}

}  // namespace lightseed::stats
