# SPDX-License-Identifier: Apache-2.0
# Options only a top-level build turns on: a project that embeds Lightseed gets the libraries alone.
option(LIGHTSEED_BUILD_CLI "Build the command lightseed" ${PROJECT_IS_TOP_LEVEL})
option(LIGHTSEED_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(LIGHTSEED_BUILD_BENCH "Build the benchmarks" OFF)
option(LIGHTSEED_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
option(LIGHTSEED_SIMULATED "Build the simulated sources; a production build may leave them out" ON)
option(LIGHTSEED_NATS "Deliver a ledger's messages to NATS (libnats); without it, to programs alone" ON)
set(LIGHTSEED_SANITIZE "" CACHE STRING "Sanitizers to build with: \"address,undefined\" or \"thread\"")
option(LIGHTSEED_REPORT_PLOTS "Plots in the audit's page, built by npm; without it the page has tables alone" ON)
option(LIGHTSEED_SANITIZE_ALL "In a build with sanitizers, watch what computes at length and the tests themselves, too" ON)
option(LIGHTSEED_SANITIZE_LINES "Line numbers in a sanitizer's report, for a seventh of the build; functions have their names anyway" ON)
option(LIGHTSEED_WATCHED_BY_CLANG "In a build with sanitizers by GCC, let Clang compile what is watched: it takes half of the time" OFF)
option(LIGHTSEED_WERROR "Treat warnings as errors" OFF)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Where a fused multiply-add belongs to every processor, GCC takes it for any a * b + c and rounds once where x86-64 rounds
# twice. Numbers that a certificate states are made again by its verifier, wherever it runs.
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  add_compile_options(-ffp-contract=off)
endif()

find_program(LIGHTSEED_CCACHE ccache)
if(LIGHTSEED_CCACHE AND PROJECT_IS_TOP_LEVEL)
  # What two build folders compile alike is compiled once: paths count from the top of the tree. Dependencies come from
  # the compiler, which then reads each file once, not twice.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};CCACHE_NOHASHDIR=1;CCACHE_DEPEND=1;${LIGHTSEED_CCACHE}")
endif()

# A build with sanitizers is a release build in which whatever is watched gets these options on top. What is not
# (lightseed_computes) is compiled with the very words of the release build, so ccache has it already.
if(LIGHTSEED_SANITIZE)
  set(watched -O1 -UNDEBUG -fno-omit-frame-pointer -fsanitize=${LIGHTSEED_SANITIZE} -fno-sanitize-recover=all)
  if(LIGHTSEED_SANITIZE_LINES)
    list(APPEND watched -g1)
  endif()
  add_compile_options("$<$<NOT:$<BOOL:$<TARGET_PROPERTY:LIGHTSEED_UNWATCHED>>>:${watched}>")
  add_link_options(-fsanitize=${LIGHTSEED_SANITIZE})
  # Two compilers in one program lay nlohmann's ordered_map out in 24 and in 32 bytes, of which the last 8 are padding: an
  # object that one makes and the other deletes is whole, but AddressSanitizer finds its size wrong. The test preset asks
  # for ASAN_OPTIONS=new_delete_type_mismatch=0 therefore.
  if(LIGHTSEED_WATCHED_BY_CLANG)
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER "${PROJECT_SOURCE_DIR}/cmake/watched_by_clang")
    list(PREPEND CMAKE_CXX_LINKER_LAUNCHER "${PROJECT_SOURCE_DIR}/cmake/watched_by_clang")
  endif()
endif()
