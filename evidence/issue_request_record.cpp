// SPDX-License-Identifier: Apache-2.0
#include "evidence/issue_request_record.h"

#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "evidence/json_text.h"

namespace lightseed {
namespace {

constexpr std::pair<std::string_view, std::string_view> words[] = {
    {"order_sha256", "the order file"},
    {"sims", "the number of SIMs"},
    {"keys_per_sim", "the number of keys for each SIM"},
    {"key_bytes", "the length of a key"},
    {"log2_epsilon", "the distance from uniform"},
    {"signer", "the signer"},
    {"second_signer", "the second signer"},
    {"third_signer", "the third signer"},
    {"extractor", "the extractor"},
    {"binding", "which min-entropy counts"},
    {"seed_source", "the source of the extractor's seed"},
    {"expansion", "the expansion behind the extractor"},
    {"releaser", "who releases the batch"},
    {"audit", "whether the keys are audited"}};

/// A recipient is whom a file is for, not how we speak of them: its certificate, or the name of its key.
Json identity_of(const Json& member) {
  if (!member.is_object()) return member;
  for (const char* const name : {"certificate_sha256", "id"})
    if (member.contains(name)) return Json{{name, member[name]}};
  return member;
}

std::string name_in_words(const std::string& member) {
  for (const auto& [name, text] : words)
    if (name == member) return std::string(text);
  return fmt::format("the {} side's recipient", member);
}

}  // namespace

std::string request_text(const IssueRequestRecord& record) {
  Json json{{"order_sha256", record.order_sha256},
            {"sims", record.sims},
            {"keys_per_sim", record.keys_per_sim},
            {"key_bytes", record.key_bytes},
            {"log2_epsilon", record.log2_epsilon}};
  for (const auto& [outlet, recipient] : record.recipients)
    json[outlet] = recipient;
  json["signer"] = record.signer_sha256;
  const auto& further = record.further_signers_sha256;
  if (!further.empty()) json["second_signer"] = further[0];
  if (further.size() > 1) json["third_signer"] = further[1];
  if (!record.extractor.empty() && record.extractor != "modified-toeplitz") json["extractor"] = record.extractor;
  if (!record.binding.empty()) json["binding"] = record.binding;
  if (!record.seed_source.empty()) json["seed_source"] = record.seed_source;
  if (record.expansion) json["expansion"] = *record.expansion;
  if (!record.releaser_sha256.empty()) json["releaser"] = record.releaser_sha256;
  if (record.audit) json["audit"] = true;
  return json_text(json);
}

std::optional<RequestedKeys> requested_keys(const std::string& request) try {
  const Json json = parse_json(request, "the request in the ledger");
  const auto count = [&](const char* name) {
    const auto member = json.is_object() ? json.find(name) : json.end();
    if (member == json.end() || !member->is_number_unsigned()) throw Error(Category::malformed, name);
    return member->get<std::uint64_t>();
  };
  return RequestedKeys{.sims = count("sims"), .keys_per_sim = count("keys_per_sim"), .key_bytes = count("key_bytes")};
} catch (const Error&) {
  return std::nullopt;
}

std::optional<std::string> requested_releaser(const std::string& request) try {
  const Json json = parse_json(request, "the request in the ledger");
  if (!json.is_object()) return std::nullopt;
  const auto member = json.find("releaser");
  if (member == json.end()) return "";
  if (!member->is_string()) return std::nullopt;
  return member->get<std::string>();
} catch (const Error&) {
  return std::nullopt;
}

std::vector<std::string> request_differences(const std::string& before, const std::string& now) try {
  const Json old = parse_json(before, "the request in the ledger");
  const Json asked = parse_json(now, "the request");
  if (!old.is_object() || !asked.is_object()) return {"the request in the ledger, which cannot be read"};
  std::set<std::string> names;
  for (const auto& [name, value] : old.items())
    names.insert(name);
  for (const auto& [name, value] : asked.items())
    names.insert(name);
  std::vector<std::string> differences;
  for (const std::string& name : names) {
    const bool both = old.contains(name) && asked.contains(name);
    const bool is_word = name == "expansion" || name == "extractor" || name == "seed_source";
    if (both && (is_word ? old[name] == asked[name] : identity_of(old[name]) == identity_of(asked[name]))) continue;
    differences.push_back(name_in_words(name));
  }
  return differences;
} catch (const Error&) {
  return {"the request in the ledger, which cannot be read"};
}

}  // namespace lightseed
