#include "pipeline/pool.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "core/error.h"
#include "core/secret_bytes.h"
#include "pipeline/same_source.h"

namespace lightseed {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t block_goal = 16 * 1024;  ///< large enough that a health test sees stretches of one device
constexpr unsigned blocks_ahead = 4;           ///< of each member; then it waits

class Member;

struct Block {
  SecretBytes bytes;
  std::size_t taken = 0;
  Member* from = nullptr;
};

/// What the members share with the reader.
struct Shared {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<Block> blocks;         ///< in the order they were finished
  std::deque<std::string> notices;  ///< until the reading thread tells them
};

/// One device: its thread reads, judges and queues blocks until it is stopped or the device is no good any more.
class Member {
 public:
  Member(std::unique_ptr<Source> source, std::unique_ptr<BlockJudge> judge, Shared& shared)
      : source_(std::move(source)), judge_(std::move(judge)), shared_(shared) {}

  [[nodiscard]] const SourceInfo& info() const noexcept { return source_->info(); }

  /// A device that does not start is a device that has left.
  void start(const Patience& patience) {
    ended_.reset();
    queued_ = 0;
    try {
      source_->start(patience);
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    } catch (const Error& error) {
      if (error.category() == Category::interrupted) throw;
      ended_ = Read{0, error.category() == Category::health ? ReadState::alarm : ReadState::disconnected, error.what()};
      const std::lock_guard lock(shared_.mutex);
      shared_.notices.push_back(fmt::format("{} has not joined the pool: {}", info().uri, error.what()));
    }
  }

  void stop() noexcept {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    source_->stop();
  }

  // The following with the shared lock held.
  [[nodiscard]] const std::optional<Read>& ended() const noexcept { return ended_; }
  void give_back() noexcept { --queued_; }

  [[nodiscard]] Json status() const {
    Json json{{"uri", info().uri},
              {"serial", info().serial},
              {"bytes", bytes_},
              {"restarts", restarts_},
              {"health", evidence_}};
    if (ended_) json["left"] = {{"state", name_of(ended_->state)}, {"detail", ended_->detail}};
    return json;
  }

 private:
  std::unique_ptr<Source> source_;
  std::unique_ptr<BlockJudge> judge_;
  Shared& shared_;
  std::jthread thread_;
  unsigned queued_ = 0;
  std::optional<Read> ended_;
  std::uint64_t bytes_ = 0, restarts_ = 0;
  Json evidence_ = Json::object();

  void run(const std::stop_token& stop) {
    Read end;
    try {
      end = produce(stop);
    } catch (const std::exception& error) {
      end = {0, ReadState::fault, error.what()};
    }
    const std::lock_guard lock(shared_.mutex);
    evidence_ = judge_->evidence();
    if (end.state != ReadState::stopped) {
      shared_.notices.push_back(fmt::format("{} has left the pool ({}) after {} bytes: {}", info().uri,
                                            name_of(end.state), bytes_, end.detail));
    }
    ended_ = std::move(end);
    shared_.changed.notify_all();
  }

  Read produce(const std::stop_token& stop) {
    const std::size_t window = judge_->window_bytes();
    const std::size_t size = std::max(window, block_goal / window * window);
    bool tested = false;
    judge_->restart();
    while (true) {
      SecretBytes bytes(tested ? size : judge_->start_up_bytes());
      Read read = fill(bytes.bytes(), stop);
      if (read.state == ReadState::restarted) {
        judge_->restart();
        tested = false;
        const std::lock_guard lock(shared_.mutex);
        ++restarts_;
        continue;
      }
      if (read.state != ReadState::ok) return read;
      const auto wrong = tested ? judge_->admit(bytes.bytes()) : judge_->start_up(bytes.bytes());
      if (wrong) return {0, ReadState::alarm, fmt::format("{}: {}", info().uri, *wrong)};
      if (std::exchange(tested, true) && !queue(std::move(bytes), stop)) {
        return {0, ReadState::stopped, "asked to stop"};
      }
    }
  }

  /// A whole block, or why not.
  Read fill(std::span<std::byte> out, const std::stop_token& stop) {
    while (!out.empty()) {
      Read read = source_->read(out, Patience{stop}.within(10s));
      out = out.subspan(read.bytes);
      if (read.state != ReadState::ok) return read;
    }
    return {};
  }

  bool queue(SecretBytes bytes, const std::stop_token& stop) {
    std::unique_lock lock(shared_.mutex);
    if (!shared_.changed.wait(lock, stop, [this] { return queued_ < blocks_ahead; })) return false;
    ++queued_;
    bytes_ += bytes.size();
    evidence_ = judge_->evidence();
    shared_.blocks.push_back({std::move(bytes), 0, this});
    shared_.changed.notify_all();
    return true;
  }
};

void require_different(const std::string& uri, const std::vector<std::unique_ptr<Source>>& members) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const SourceInfo& one = members[j]->info();
      const SourceInfo& other = members[i]->info();
      if (const auto why = same_opened_source(one, other)) {
        throw Error(Category::usage,
                    fmt::format("{}: {} and {} are the same source ({}): its samples would count twice; name each once",
                                uri, one.uri, other.uri, *why));
      }
    }
  }
}

class Pool final : public Source {
 public:
  Pool(std::string uri, std::vector<std::unique_ptr<Source>> sources, const JudgeMaker& judge, PoolNotice notice)
      : notice_(std::move(notice)) {
    if (sources.empty()) throw Error(Category::usage, fmt::format("{}: no device is ready for it", uri));
    info_ = sources.front()->info();
    info_.uri = std::move(uri);
    info_.driver = "pool:";
    info_.model = fmt::format("pool of {} devices", sources.size());
    info_.serial.clear();
    info_.firmware.clear();
    info_.nominal_rate = 0;
    Json members = Json::array();
    for (auto& source : sources) {
      const SourceInfo& one = source->info();
      if (one.format != info_.format) {
        throw Error(Category::usage, fmt::format("{}: {} and {} have different samples and cannot form a pool",
                                                 info_.uri, sources.front()->info().uri, one.uri));
      }
      info_.serial += (info_.serial.empty() ? "" : ",") + one.serial;
      info_.provenance = worst(info_.provenance, one.provenance);
      info_.nominal_rate += one.nominal_rate;
      if (one.claim.bits_per_sample < info_.claim.bits_per_sample) info_.claim = one.claim;
      members.push_back(to_json(one));
    }
    info_.parameters = Json{{"members", std::move(members)}};
    info_.claim.assumptions.emplace_back("the members of the pool are independent of each other");
    require_different(info_.uri, sources);
    for (auto& source : sources) {
      auto its_judge = judge(source->info());
      members_.push_back(std::make_unique<Member>(std::move(source), std::move(its_judge), shared_));
    }
  }

  ~Pool() override { stop(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }

  void start(const Patience& patience) override {
    stop();
    for (const auto& member : members_)
      member->start(patience);
    std::unique_lock lock(shared_.mutex);
    tell_notices(lock);
    if (const Read* end = end_of_all()) {
      throw Error(end->state == ReadState::alarm ? Category::health : Category::device,
                  fmt::format("{}: not one device starts: {}", info_.uri, end->detail));
    }
    running_ = true;
  }

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (!running_) return {0, ReadState::fault, "not started"};
    std::size_t got = 0;
    std::unique_lock lock(shared_.mutex);
    while (got < out.size()) {
      shared_.changed.wait_until(lock, patience.stop, patience.deadline, [this] {
        return !shared_.blocks.empty() || !shared_.notices.empty() || end_of_all() != nullptr;
      });
      if (!shared_.notices.empty()) {
        tell_notices(lock);
        continue;
      }
      if (shared_.blocks.empty()) {
        if (patience.stopped()) return {got, ReadState::stopped, "asked to stop"};
        const Read* end = end_of_all();
        if (end == nullptr) return {got, ReadState::timeout, fmt::format("{}: no device was fast enough", info_.uri)};
        ::explicit_bzero(out.data(), got);
        return {0, end->state, fmt::format("{}: the last device left: {}", info_.uri, end->detail)};
      }
      Block& block = shared_.blocks.front();
      const std::size_t part = std::min(out.size() - got, block.bytes.size() - block.taken);
      std::copy_n(block.bytes.data() + block.taken, part, out.data() + got);
      got += part;
      block.taken += part;
      if (block.taken < block.bytes.size()) continue;
      block.from->give_back();
      shared_.blocks.pop_front();
      shared_.changed.notify_all();
    }
    return {got, ReadState::ok, {}};
  }

  [[nodiscard]] Json status() override {
    const std::lock_guard lock(shared_.mutex);
    Json members = Json::array();
    for (const auto& member : members_)
      members.push_back(member->status());
    return Json{{"members", std::move(members)}};
  }

  void stop() noexcept override {
    for (const auto& member : members_)
      member->stop();
    shared_.blocks.clear();
    running_ = false;
  }

 private:
  SourceInfo info_;
  PoolNotice notice_;
  Shared shared_;
  std::vector<std::unique_ptr<Member>> members_;
  bool running_ = false;

  /// Called and left with the lock held, which is given back while somebody is told.
  void tell_notices(std::unique_lock<std::mutex>& lock) {
    const auto sentences = std::exchange(shared_.notices, {});
    lock.unlock();
    for (const std::string& sentence : sentences)
      if (notice_) notice_(sentence);
    lock.lock();
  }

  /// How the last member ended, once all have; with the lock held. An alarm outweighs the others.
  [[nodiscard]] const Read* end_of_all() const {
    const Read* end = nullptr;
    for (const auto& member : members_) {
      if (!member->ended()) return nullptr;
      if (end == nullptr || member->ended()->state == ReadState::alarm) end = &*member->ended();
    }
    return end;
  }
};

std::vector<std::string> uris_of(const SourceUri& uri) {
  const std::string& list = uri.path();
  std::vector<std::string> uris;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    uris.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return uris;
}

}  // namespace

std::unique_ptr<Source> make_pool(std::string uri, std::vector<std::unique_ptr<Source>> members,
                                  const JudgeMaker& judge, const PoolNotice& notice) {
  return std::make_unique<Pool>(std::move(uri), std::move(members), judge, notice);
}

std::vector<SourceDriver> pool_drivers(const SourceRegistry& registry, const JudgeMaker& judge,
                                       const PoolNotice& notice) {
  const auto nothing = [] { return std::vector<Listing>{}; };
  const auto open_all = [registry, judge, notice](const std::string& name, const std::vector<std::string>& uris) {
    std::vector<std::unique_ptr<Source>> members;
    members.reserve(uris.size());
    for (const std::string& uri : uris)
      members.push_back(registry.open(uri));
    return make_pool(name, std::move(members), judge, notice);
  };
  return {{.name = "usb:*",
           .summary = "every known USB device that is ready, as one pool",
           .list = nothing,
           .open =
               [registry, open_all](const SourceUri& uri) {
                 uri.reject_unknown();
                 std::vector<std::string> ready;
                 for (const Listing& listing : registry.list())
                   if (listing.uri.starts_with("usb:") && listing.state == "ready") ready.push_back(listing.uri);
                 return open_all(uri.text(), ready);
               }},
          {.name = "pool:",
           .summary = "several sources as one: pool:usb:quantis/A,usb:quantis/B",
           .list = nothing,
           .open = [open_all](const SourceUri& uri) { return open_all(uri.text(), uris_of(uri)); }}};
}

}  // namespace lightseed
