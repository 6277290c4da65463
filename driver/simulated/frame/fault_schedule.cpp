// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/fault_schedule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "driver/nearest.h"

namespace lightseed::simulated {
namespace {

constexpr std::uint64_t ramp_step = 64;
constexpr std::uint64_t for_ever = std::numeric_limits<std::uint64_t>::max();

std::vector<std::string> names_of(const std::vector<FaultKind>& kinds) {
  std::vector<std::string> names{"none"};
  for (const FaultKind& kind : kinds)
    names.push_back(kind.name);
  return names;
}

/// Cuts off what stands before `mark`; the rest stays in `text`.
std::string_view cut(std::string_view& text, char mark) noexcept {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

template <typename Number>
bool read(std::string_view text, Number& number) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stopped == end && !text.empty();
}

}  // namespace

double FaultSchedule::Entry::strength(std::uint64_t sample) const noexcept {
  if (sample < start || sample - start >= duration) return 0;
  if (ramp == 0) return size;
  const std::uint64_t steps = (sample - start) / ramp_step + 1;
  const double progress = static_cast<double>(steps * ramp_step);
  return size * std::min(1.0, progress / static_cast<double>(ramp));
}

std::uint64_t FaultSchedule::Entry::next_change(std::uint64_t sample) const noexcept {
  if (sample < start) return start;
  const std::uint64_t since = sample - start;
  if (since >= duration) return for_ever;
  const std::uint64_t end = duration > for_ever - start ? for_ever : start + duration;
  return since < ramp ? std::min(end, sample + ramp_step - since % ramp_step) : end;
}

FaultSchedule::FaultSchedule(std::string_view text, std::vector<FaultKind> kinds) : kinds_(std::move(kinds)) {
  if (kinds_.size() > Strengths{}.size()) throw Error(Category::internal, "a photon model has more than 32 faults");
  while (!text.empty()) {
    const std::string_view part = cut(text, ';');
    if (part != "none") entries_.push_back(entry_from(part));
  }
}

FaultSchedule::Entry FaultSchedule::entry_from(std::string_view whole) const {
  const auto bad = [&](const std::string& why) {
    return Error(Category::usage, fmt::format("fault={} – {}", whole, why));
  };
  std::string_view rest = whole;
  std::string_view head = cut(rest, ':');
  const std::string_view name = cut(head, '@');
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const FaultKind& k) { return k.name == name; });
  if (kind == kinds_.end()) {
    const auto names = names_of(kinds_);
    const std::string near = nearest(name, names);
    throw bad(fmt::format("there is no such fault{}; known here: {}",
                          near.empty() ? "" : fmt::format("; did you mean {}?", near), fmt::join(names, ", ")));
  }
  Entry entry{.kind = static_cast<std::size_t>(kind - kinds_.begin()), .size = kind->usual};
  const bool has_start = name.size() < whole.size() && whole[name.size()] == '@';
  if (has_start && !read(head, entry.start)) throw bad("@ wants the number of a sample behind it");
  while (!rest.empty()) {
    std::string_view value = cut(rest, ':');
    const std::string_view key = cut(value, '=');
    if (key == "for") {
      if (!read(value, entry.duration) || entry.duration == 0) throw bad("for= wants a number of samples, at least 1");
    } else if (key == "ramp") {
      if (!read(value, entry.ramp)) throw bad("ramp= wants a number of samples");
    } else if (key == "size") {
      if (!read(value, entry.size) || !std::isfinite(entry.size) || entry.size < kind->least ||
          entry.size > kind->most) {
        throw bad(
            fmt::format("size={} – expected a number from {} to {}: {}", value, kind->least, kind->most, kind->effect));
      }
    } else if (key == "seed") {
      if (!kind->draws) throw bad("it draws no numbers of its own, and takes no seed");
      if (!read(value, entry.seed) || entry.seed == 0) throw bad("seed= wants a number from 1 to 4294967295");
    } else {
      throw bad(fmt::format("'{}' is none of for, ramp, size, seed", key));
    }
  }
  return entry;
}

Strengths FaultSchedule::strengths(std::uint64_t sample, std::size_t first, std::size_t count) const noexcept {
  Strengths all{};
  for (const Entry& entry : entries_) {
    if (entry.kind >= first && entry.kind < first + count) all[entry.kind - first] += entry.strength(sample);
  }
  return all;
}

double FaultSchedule::strength(std::uint64_t sample, std::size_t kind) const noexcept {
  return strengths(sample, kind, 1)[0];
}

std::uint32_t FaultSchedule::active(std::uint64_t sample) const noexcept {
  std::uint32_t mask = 0;
  for (const Entry& entry : entries_) {
    if (sample >= entry.start && sample - entry.start < entry.duration) mask |= 1U << entry.kind;
  }
  return mask;
}

std::uint64_t FaultSchedule::next_change(std::uint64_t sample) const noexcept {
  std::uint64_t next = for_ever;
  for (const Entry& entry : entries_)
    next = std::min(next, entry.next_change(sample));
  return next;
}

std::string FaultSchedule::text() const {
  std::string text;
  for (const Entry& entry : entries_) {
    const FaultKind& kind = kinds_[entry.kind];
    text += fmt::format("{}{}@{}", text.empty() ? "" : ";", kind.name, entry.start);
    if (entry.duration != for_ever) text += fmt::format(":for={}", entry.duration);
    if (entry.ramp != 0) text += fmt::format(":ramp={}", entry.ramp);
    if (entry.size != kind.usual) text += fmt::format(":size={}", entry.size);
    if (entry.seed != 0) text += fmt::format(":seed={}", entry.seed);
  }
  return text.empty() ? "none" : text;
}

}  // namespace lightseed::simulated
