// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightseed::test {

/// Where the tests' data lie, and the root of the sources. Told once, so that no other object depends on the place.
const char* data_folder() noexcept;  ///< …/tests/data
const char* source_folder() noexcept;

}  // namespace lightseed::test
