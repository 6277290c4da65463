# SPDX-License-Identifier: Apache-2.0
include(GNUInstallDirs)

# lightseed_waits(TARGET): it works with devices, files and text, and waits for them more than it computes. Debug
# builds and those with sanitizers compile it with -O0: that takes three fifths of the time; release builds are content
# with -O2. Fuzzing wants the speed.
function(lightseed_waits target)
  lightseed_soon_watched(${target})
  if(NOT LIGHTSEED_SANITIZE AND NOT LIGHTSEED_FUZZ)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0> $<$<CONFIG:Release>:-O2>)
  endif()
endfunction()

# lightseed_soon_watched(TARGET): the half of that for builds with sanitizers.
function(lightseed_soon_watched target)
  if(LIGHTSEED_SANITIZE AND NOT LIGHTSEED_FUZZ)
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()

# lightseed_computes(TARGET): it computes at length, on samples that others have read and bounded. Tests with sanitizers
# would spend most of their time here; what computes is tested as released, and by scripts/test --full both ways.
function(lightseed_computes target)
  if(NOT LIGHTSEED_SANITIZE_ALL)
    set_target_properties(${target} PROPERTIES LIGHTSEED_UNWATCHED TRUE)
  endif()
endfunction()

# lightseed_room(NAME [WAITS] [FOLDER dir] [EXCEPT dirs…] [KERNELS dirs…] NEEDS targets… [PRIVATE_NEEDS targets…])
#
# Makes the library lightseed_NAME (alias lightseed::NAME) from every .cpp and .h below FOLDER
# (default: NAME). Headers are found as "core/error.h" in the tree; the public ones (cmake/public_headers.cmake) as
# <lightseed/core/error.h> once installed.
function(lightseed_room name)
  cmake_parse_arguments(ROOM "WAITS" "FOLDER" "EXCEPT;KERNELS;NEEDS;PRIVATE_NEEDS" ${ARGN})
  if(NOT ROOM_FOLDER)
    set(ROOM_FOLDER ${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
    RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/${ROOM_FOLDER}/*.cpp")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS
    RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/${ROOM_FOLDER}/*.h")
  foreach(except IN LISTS ROOM_EXCEPT)
    list(FILTER sources EXCLUDE REGEX "^${except}/")
    list(FILTER headers EXCLUDE REGEX "^${except}/")
  endforeach()

  # What lies in KERNELS is compiled apart, for lightseed_computes().
  set(kernels ${sources})
  string(REPLACE ";" "|" folders "${ROOM_KERNELS}")
  if(ROOM_KERNELS)
    list(FILTER kernels INCLUDE REGEX "^(${folders})/")
    list(REMOVE_ITEM sources ${kernels})
    add_library(lightseed_${name}_kernels OBJECT ${kernels})
    target_compile_features(lightseed_${name}_kernels PUBLIC cxx_std_20)
    target_include_directories(lightseed_${name}_kernels PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(lightseed_${name}_kernels PRIVATE ${ROOM_NEEDS} ${ROOM_PRIVATE_NEEDS} lightseed_warnings)
    lightseed_computes(lightseed_${name}_kernels)
    lightseed_unity(lightseed_${name}_kernels)
    list(APPEND sources $<TARGET_OBJECTS:lightseed_${name}_kernels>)
  endif()

  add_library(lightseed_${name} STATIC ${sources})
  add_library(lightseed::${name} ALIAS lightseed_${name})
  set_target_properties(lightseed_${name} PROPERTIES EXPORT_NAME ${name})
  target_sources(lightseed_${name} PRIVATE ${headers})
  target_compile_features(lightseed_${name} PUBLIC cxx_std_20)
  target_link_libraries(lightseed_${name}
    PUBLIC ${ROOM_NEEDS}
    PRIVATE ${ROOM_PRIVATE_NEEDS} $<BUILD_INTERFACE:lightseed_warnings>)
  # Installed headers include each other as "core/error.h", the same words as in the tree.
  target_include_directories(lightseed_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_include_directories(lightseed_${name} INTERFACE
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/lightseed>)
  if(ROOM_WAITS)
    lightseed_waits(lightseed_${name})
  elseif(ROOM_KERNELS)
    lightseed_soon_watched(lightseed_${name})  # its kernels compute at length, not the rest
  endif()
  # The kernels of gf2 are compiled for several processors, each as it asks.
  if(NOT name STREQUAL gf2)
    lightseed_unity(lightseed_${name})
  endif()
  set_property(GLOBAL APPEND PROPERTY LIGHTSEED_ROOMS lightseed_${name})
endfunction()
