# SPDX-License-Identifier: Apache-2.0
# Whole builds compile many files of a room as one: most of a file's time goes into the headers of the standard library
# and of our dependencies. A small change is sooner built without it, so the dev preset does.
option(LIGHTSEED_UNITY "Compile many files as one: faster as a whole, slower after a small change" OFF)
set(LIGHTSEED_UNITY_FILES 50 CACHE STRING "At most so many files are compiled as one")
mark_as_advanced(LIGHTSEED_UNITY_FILES)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/unity_groups.awk")

# lightseed_unity(TARGET): with LIGHTSEED_UNITY, groups the target's sources by unity_groups.awk.
function(lightseed_unity target)
  find_program(LIGHTSEED_AWK awk)
  mark_as_advanced(LIGHTSEED_AWK)
  if(NOT LIGHTSEED_UNITY OR NOT LIGHTSEED_AWK)
    return()
  endif()
  get_target_property(all ${target} SOURCES)
  set(sources "")
  foreach(source IN LISTS all)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    if(source MATCHES "\\.cpp$" AND EXISTS "${source}" AND NOT source MATCHES "^${PROJECT_BINARY_DIR}/")
      list(APPEND sources "${source}")
    endif()
  endforeach()
  execute_process(
    COMMAND "${LIGHTSEED_AWK}" -v "most=${LIGHTSEED_UNITY_FILES}"
      -f "${PROJECT_SOURCE_DIR}/cmake/unity_groups.awk" ${sources}
    OUTPUT_VARIABLE groups OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" groups "${groups}")
  # A class of a source may have members of a type from its anonymous namespace; GCC takes the source for a header.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set(number 0)
  foreach(group IN LISTS groups)
    math(EXPR number "${number} + 1")
    string(REPLACE " " ";" group "${group}")
    set_source_files_properties(${group} PROPERTIES UNITY_GROUP ${number})
    # Who edits a file may add a name that another one of its group has.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${group})
  endforeach()
endfunction()
