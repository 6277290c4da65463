# Install and export: find_package(Lightseed) and pkg-config lightseed. Both are tried from outside by
# tests/e2e/install.sh.
include(CMakePackageConfigHelpers)

get_property(rooms GLOBAL PROPERTY LIGHTSEED_ROOMS)
install(TARGETS ${rooms}
  EXPORT LightseedTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

include(public_headers)
lightseed_with_included(installed_headers ${LIGHTSEED_PUBLIC_HEADERS})
foreach(header IN LISTS installed_headers)
  cmake_path(GET header PARENT_PATH folder)
  install(FILES "${header}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/lightseed/${folder}")
endforeach()
list(TRANSFORM LIGHTSEED_PUBLIC_HEADERS REPLACE "(.+)" "#include \"\\1\"" OUTPUT_VARIABLE includes)
list(JOIN includes "\n" includes)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/lightseed.h" @ONLY CONTENT
"// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Everything public of Lightseed, room by room.

@includes@
")
install(FILES "${PROJECT_BINARY_DIR}/lightseed.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/lightseed")
install(DIRECTORY schemas DESTINATION "${CMAKE_INSTALL_DATADIR}/lightseed")
install(EXPORT LightseedTargets
  NAMESPACE lightseed::
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Lightseed)

configure_package_config_file(cmake/LightseedConfig.cmake.in
  "${PROJECT_BINARY_DIR}/LightseedConfig.cmake"
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Lightseed)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/LightseedConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/LightseedConfig.cmake"
  "${PROJECT_BINARY_DIR}/LightseedConfigVersion.cmake"
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Lightseed)

# The prefix is found from where the file lies, so that an installed tree may be moved.
set(pc_folder "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH LIGHTSEED_PC_TO_PREFIX "/${pc_folder}" "/")
string(REGEX REPLACE "/$" "" LIGHTSEED_PC_TO_PREFIX "${LIGHTSEED_PC_TO_PREFIX}")

# Static libraries in link order: a room before the rooms it needs.
set(LIGHTSEED_PC_LIBS "")
foreach(room IN LISTS rooms)
  string(PREPEND LIGHTSEED_PC_LIBS "-l${room} ")
endforeach()
set(LIGHTSEED_PC_NATS "")
if(LIGHTSEED_NATS)
  set(LIGHTSEED_PC_NATS " libnats")
endif()
configure_file(cmake/lightseed.pc.in "${PROJECT_BINARY_DIR}/lightseed.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/lightseed.pc" DESTINATION ${pc_folder})
