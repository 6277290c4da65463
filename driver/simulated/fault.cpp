#include "driver/simulated/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace lightseed::simulated {
namespace {

constexpr std::uint8_t middle_code = 128;
constexpr std::array<std::pair<std::string_view, Fault::Kind>, 4> kinds{{{"none", Fault::Kind::none},
                                                                         {"stuck", Fault::Kind::stuck},
                                                                         {"bias", Fault::Kind::bias},
                                                                         {"dead", Fault::Kind::dead}}};

}  // namespace

Fault Fault::take(SourceUri& uri) {
  const std::string text = uri.take_text("fault", "none");
  const std::string_view view = text;
  const auto at = view.find('@');
  Fault fault;
  const auto* const kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& entry) { return entry.first == view.substr(0, at); });
  bool good = kind != kinds.end();
  if (good) fault.kind_ = kind->second;
  if (good && at != std::string_view::npos) {
    const char* const end = view.data() + view.size();
    const auto [stopped, error] = std::from_chars(view.data() + at + 1, end, fault.offset_);
    good = error == std::errc{} && stopped == end;
  }
  if (!good) {
    throw Error(Category::usage,
                fmt::format("source '{}': fault={} – expected none, stuck, bias or dead, and @SAMPLE behind it",
                            uri.text(), text));
  }
  return fault;
}

void Fault::apply(std::span<std::uint8_t> codes, std::uint64_t first) noexcept {
  if (kind_ == Kind::none || codes.empty()) return;
  const auto good =
      static_cast<std::size_t>(std::min<std::uint64_t>(codes.size(), offset_ > first ? offset_ - first : 0));
  if (good > 0) last_good_ = codes[good - 1];
  for (std::uint8_t& code : codes.subspan(good)) {
    switch (kind_) {
      case Kind::stuck: code = last_good_; break;
      case Kind::bias: code = static_cast<std::uint8_t>(std::min(255, code + 128)); break;
      case Kind::dead: code = middle_code; break;
      case Kind::none: break;
    }
  }
}

std::string Fault::text() const {
  for (const auto& [name, kind] : kinds) {
    if (kind == kind_) return kind == Kind::none ? std::string(name) : fmt::format("{}@{}", name, offset_);
  }
  return "none";
}

}  // namespace lightseed::simulated
