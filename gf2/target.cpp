// SPDX-License-Identifier: Apache-2.0
#include "gf2/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "core/error.h"

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace lightseed {
namespace {

bool runs(Target target) noexcept {
#if defined(__x86_64__)
  switch (target) {
    case Target::portable: return true;
    case Target::vector128: return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3");
    case Target::vector256: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("vpclmulqdq");
    case Target::vector512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("vpclmulqdq") &&
             __builtin_cpu_supports("gfni") && __builtin_cpu_supports("bmi2");
  }
  return false;
#elif defined(__aarch64__)
  return target == Target::portable || (target == Target::vector128 && (getauxval(AT_HWCAP) & HWCAP_PMULL) != 0);
#else
  return target == Target::portable;
#endif
}

}  // namespace

std::string_view name_of(Target target) noexcept {
  switch (target) {
    case Target::portable: return "portable";
    case Target::vector128: return "128";
    case Target::vector256: return "256";
    case Target::vector512: return "512";
  }
  return "unknown";
}

std::vector<Target> supported_targets() {
  std::vector<Target> targets{Target::portable, Target::vector128, Target::vector256, Target::vector512};
  std::erase_if(targets, [](Target target) { return !runs(target); });
  return targets;
}

Target active_target() {
  const std::vector<Target> targets = supported_targets();
  const char* const wanted = std::getenv("LIGHTSEED_TARGET");
  if (wanted == nullptr || *wanted == '\0') return targets.back();
  const auto found = std::ranges::find_if(targets, [&](Target target) { return name_of(target) == wanted; });
  if (found != targets.end()) return *found;
  std::string known;
  for (const Target target : targets)
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name_of(target));
  throw Error(Category::usage,
              fmt::format("LIGHTSEED_TARGET={} cannot run here; this processor has: {}", wanted, known));
}

}  // namespace lightseed
