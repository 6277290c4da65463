// SPDX-License-Identifier: Apache-2.0
#include "evidence/gate_record.h"

#include <utility>

namespace lightseed {
namespace {

constexpr std::size_t most_members = 256;

Json to_json(const GatedMember& member) {
  Json json{{"uri", member.uri}, {"health", to_json(member.health)}, {"left", nullptr}};
  if (const auto& left = member.left) json["left"] = {{"state", left->state}, {"words", left->words}};
  return json;
}

GatedMember member_from(ObjectReader reader) {
  GatedMember member;
  member.uri = reader.text("uri");
  member.health = health_record_from(reader.object("health"));
  if (!reader.null("left")) {
    ObjectReader left = reader.object("left");
    member.left = Departure{.state = left.text("state"), .words = left.text("words")};
    left.finish();
  }
  reader.finish();
  return member;
}

}  // namespace

double alpha_log2_of(const GateRecord& record) {
  return record.members.empty() ? record.health.alpha_log2 : record.members.front().health.alpha_log2;
}

Json to_json(const GateRecord& record) {
  if (record.members.empty()) return to_json(record.health);
  Json members = Json::array();
  for (const GatedMember& member : record.members)
    members.push_back(to_json(member));
  return Json{{"members", std::move(members)}};
}

GateRecord gate_record_from(ObjectReader reader) {
  GateRecord record;
  if (!reader.has("members")) {
    record.health = health_record_from(std::move(reader));
    return record;
  }
  for (ObjectReader& member : reader.objects("members", most_members))
    record.members.push_back(member_from(std::move(member)));
  if (record.members.empty()) reader.fail("members", "a pool has one at least");
  reader.finish();
  return record;
}

}  // namespace lightseed
