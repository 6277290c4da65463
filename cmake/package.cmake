# Install and export: find_package(Lightseed) and pkg-config lightseed. Both are tried from outside by
# tests/e2e/install.sh.
include(CMakePackageConfigHelpers)

get_property(rooms GLOBAL PROPERTY LIGHTSEED_ROOMS)
install(TARGETS ${rooms}
  EXPORT LightseedTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lightseed)
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
configure_file(cmake/lightseed.pc.in "${PROJECT_BINARY_DIR}/lightseed.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/lightseed.pc" DESTINATION ${pc_folder})
