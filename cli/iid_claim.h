#pragma once

namespace lightseed::cli {

/// The option --iid-claim of every verb that makes keys.
inline constexpr const char* iid_claim_help =
    "you can answer for it that samples are independent and identically distributed: test it (SP 800-90B 5), and take "
    "the higher IID estimate only if every test passes";

}  // namespace lightseed::cli
