# SPDX-License-Identifier: Apache-2.0
# Warnings of our own code; headers of the libraries we use are system headers and stay quiet.
add_library(lightseed_warnings INTERFACE)
target_compile_options(lightseed_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wimplicit-fallthrough
  # GCC 12 sees overlapping copies and overruns inside its own std::string and std::vector (its bugs 105651, 105329).
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>"
  # Of files compiled as one, a local name may hide a global one of another file, which means nothing.
  $<IF:$<BOOL:${LIGHTSEED_UNITY}>,$<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>,-Wshadow>
  $<$<BOOL:${LIGHTSEED_WERROR}>:-Werror>)
