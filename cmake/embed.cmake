# SPDX-License-Identifier: Apache-2.0
# cmake -DINPUT=FILE -DOUTPUT=FILE.cpp -P embed.cmake: the bytes of a file as report_script(); without INPUT, none.
set(bytes "")
set(size 0)
if(INPUT)
  file(READ "${INPUT}" bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
endif()
file(WRITE "${OUTPUT}.new" "// Written by cmake/embed.cmake.
#include \"cli/report_script.h\"

namespace lightseed::cli {
namespace {

constexpr char script[] = {
${bytes}0};

}  // namespace

std::string_view report_script() noexcept {
  return {&script[0], ${size}};
}

}  // namespace lightseed::cli
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
