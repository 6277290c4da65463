# SPDX-License-Identifier: Apache-2.0
# Options only a top-level build turns on: a project that embeds Lightseed gets the libraries alone.
option(LIGHTSEED_BUILD_CLI "Build the command lightseed" ${PROJECT_IS_TOP_LEVEL})
option(LIGHTSEED_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(LIGHTSEED_BUILD_BENCH "Build the benchmarks" OFF)
option(LIGHTSEED_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
option(LIGHTSEED_SIMULATED "Build the simulated sources; a production build may leave them out" ON)
option(LIGHTSEED_REPORT_PLOTS "Plots in the audit's page, built by npm; without it the page has tables alone" ON)
option(LIGHTSEED_SANITIZE_ALL "In a build with sanitizers, watch what computes at length and the tests themselves, too" ON)
option(LIGHTSEED_WERROR "Treat warnings as errors" OFF)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(LIGHTSEED_CCACHE ccache)
if(LIGHTSEED_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LIGHTSEED_CCACHE}")
endif()
