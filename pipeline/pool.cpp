// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pool.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"
#include "pipeline/same_source.h"

namespace lightseed {
namespace {

using Members = std::vector<std::unique_ptr<Source>>;

constexpr const char* independence = "the members of the pool are independent of each other";

SourceInfo info_of(std::string uri, const Members& members) {
  if (members.empty()) throw Error(Category::usage, fmt::format("{}: a pool of no sources", uri));
  SourceInfo info = members.front()->info();
  info.uri = std::move(uri);
  info.driver = "pool:";
  info.model = fmt::format("pool of {} sources", members.size());
  info.serial.clear();
  info.firmware.clear();
  info.nominal_rate = 0;
  Json all = Json::array();
  for (const auto& source : members) {
    const SourceInfo& one = source->info();
    if (one.format != info.format) {
      throw Error(Category::usage, fmt::format("{}: {} and {} have different samples and cannot form a pool", info.uri,
                                               members.front()->info().uri, one.uri));
    }
    if (!(one.claim.bits_per_sample > 0)) {
      throw Error(Category::usage,
                  fmt::format("{}: {} makes no min-entropy claim, so its health cannot be judged", info.uri, one.uri));
    }
    info.serial += (info.serial.empty() ? "" : ",") + one.serial;
    info.provenance = worst(info.provenance, one.provenance);
    info.nominal_rate += one.nominal_rate;
    if (one.claim.bits_per_sample < info.claim.bits_per_sample) info.claim = one.claim;
    all.push_back(to_json(one));
  }
  info.claim.assumptions.emplace_back(independence);
  info.parameters = Json{{"members", std::move(all)}};
  return info;
}

void require_different(const std::string& uri, const Members& members) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto why = same_opened_source(members[j]->info(), members[i]->info());
      if (!why) continue;
      throw Error(Category::usage,
                  fmt::format("{}: {} and {} are the same source ({}): its samples would count twice; name each once",
                              uri, members[j]->info().uri, members[i]->info().uri, *why));
    }
  }
}

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

Pool::Pool(std::string uri, Members members, PoolNotice notice)
    : info_(info_of(std::move(uri), members)), members_(std::move(members)), notice_(std::move(notice)) {
  require_different(info_.uri, members_);
}

void Pool::start(const Patience& patience) {
  stop();
  flow_ = gated({});
  const Read read = flow_->start(patience);
  if (read.state != ReadState::ok) throw Error(category_of(read.state), read.detail);
}

Read Pool::read(std::span<std::byte> out, const Patience& patience) {
  if (!flow_) return {0, ReadState::fault, "not started"};
  return flow_->read_some(out, patience);
}

Json Pool::status() {
  return flow_ ? to_json(flow_->record()) : Json::object();
}

void Pool::stop() noexcept {
  flow_.reset();
}

std::unique_ptr<GatedPool> Pool::gated(const GateOptions& options) {
  GateOptions own = options;
  if (!own.notice) own.notice = notice_;
  return std::make_unique<GatedPool>(members_, info_.uri, own);
}

std::vector<SourceDriver> pool_drivers(const SourceRegistry& registry, const PoolNotice& notice) {
  const auto nothing = [] { return std::vector<Listing>{}; };
  const auto open_all = [registry, notice](const std::string& name, const std::vector<std::string>& uris) {
    Members members;
    members.reserve(uris.size());
    for (const std::string& uri : uris)
      members.push_back(registry.open(uri));
    return std::make_unique<Pool>(name, std::move(members), notice);
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
                 if (ready.empty()) {
                   throw Error(Category::device, fmt::format("{}: no device is ready for it", uri.text()));
                 }
                 return open_all(uri.text(), ready);
               }},
          {.name = "pool:",
           .summary = "several sources as one: pool:usb:quantis/A,usb:quantis/B",
           .list = nothing,
           .open = [open_all](const SourceUri& uri) { return open_all(uri.text(), uris_of(uri)); }}};
}

}  // namespace lightseed
