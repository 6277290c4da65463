# SPDX-License-Identifier: Apache-2.0
# version.cpp carries the commit a binary was built from, so that a certificate can name it.
# It is looked up at every build and rewritten only when it changed.
set(LIGHTSEED_VERSION_SOURCE "${PROJECT_BINARY_DIR}/generated/version.cpp")
set(write_version
  "${CMAKE_COMMAND}"
  "-DSOURCE_DIR=${PROJECT_SOURCE_DIR}"
  "-DTEMPLATE=${PROJECT_SOURCE_DIR}/cmake/version.cpp.in"
  "-DOUTPUT=${LIGHTSEED_VERSION_SOURCE}"
  "-DVERSION=${PROJECT_VERSION}"
  -P "${PROJECT_SOURCE_DIR}/cmake/write_version.cmake")
execute_process(COMMAND ${write_version} COMMAND_ERROR_IS_FATAL ANY)
add_custom_target(lightseed_version COMMAND ${write_version} BYPRODUCTS "${LIGHTSEED_VERSION_SOURCE}")
