# SPDX-License-Identifier: Apache-2.0
# What is public: users include <lightseed/lightseed.h>, or one of these. What they include in turn is installed as well,
# so that they compile, but may change with any release (docs/api.md). Everything else stays in the tree.
set(LIGHTSEED_PUBLIC_HEADERS
  core/error.h
  core/hex.h
  core/secret_bytes.h
  core/version.h
  crypto/digest.h
  crypto/recipient.h
  crypto/signer.h
  driver/registry.h
  driver/sidecar.h
  driver/source.h
  driver/source_uri.h
  entropy/account.h
  entropy/drbg/random_bits.h
  entropy/extract/plan.h
  entropy/extract/registry.h
  pipeline/gated_source.h
  pipeline/key_stream.h
  pipeline/measure.h
  pipeline/pool.h
  pipeline/recommend.h
  provision/issue.h
  provision/order.h
  provision/verify.h
  stats/health/cutoffs.h
  stats/input/input.h
  stats/sp800_90b/assessment.h
  stats/sp800_90b/iid/iid_assessment.h
  stats/sp800_90b/report.h
  stats/sp800_90b/restart_test.h)
if(LIGHTSEED_SIMULATED)
  list(APPEND LIGHTSEED_PUBLIC_HEADERS driver/simulated/models.h)
endif()

# The headers above and all that they include, each named from the project's root.
function(lightseed_with_included out)
  set(waiting ${ARGN})
  set(found "")
  while(waiting)
    list(POP_FRONT waiting header)
    if(header IN_LIST found)
      continue()
    endif()
    list(APPEND found ${header})
    # A header that is edited may include another one: configure again then.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${header}")
    file(STRINGS "${PROJECT_SOURCE_DIR}/${header}" lines REGEX "^#include \"[^\"]+\"")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" included "${line}")
      list(APPEND waiting ${included})
    endforeach()
  endwhile()
  set(${out} ${found} PARENT_SCOPE)
endfunction()
