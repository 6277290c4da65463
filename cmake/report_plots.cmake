# SPDX-License-Identifier: Apache-2.0
# The script that draws the plots of the audit's page: Vega-Lite's specifications, compiled, and Vega's runtime in one
# file. npm fetches exactly what package-lock.json names, by digest, into the build folder; nothing of it runs while it is
# installed, and nothing is written into the source tree.

set(LIGHTSEED_REPORT_SOURCES build.mjs data.mjs page.mjs specs.mjs)

# lightseed_report_plots(TARGET): adds report_script(), and installs the licences of what is in it.
function(lightseed_report_plots target)
  set(source "${CMAKE_CURRENT_SOURCE_DIR}/report")
  set(work "${CMAKE_CURRENT_BINARY_DIR}/report")
  set(script "${CMAKE_CURRENT_BINARY_DIR}/report_script.cpp")
  set(embed "${PROJECT_SOURCE_DIR}/cmake/embed.cmake")
  if(LIGHTSEED_REPORT_PLOTS)
    find_program(LIGHTSEED_NPM npm)
    mark_as_advanced(LIGHTSEED_NPM)
    if(NOT LIGHTSEED_NPM)
      message(FATAL_ERROR "npm is not in PATH; it builds the plots of the audit's page. Either install it (the Debian "
        "package npm; scripts/install-deps does), or configure with -DLIGHTSEED_REPORT_PLOTS=OFF: the page then has "
        "tables alone.")
    endif()
    set(packages package.json package-lock.json)
    list(TRANSFORM packages PREPEND "${source}/")
    add_custom_command(OUTPUT "${work}/installed" VERBATIM
      COMMAND "${CMAKE_COMMAND}" -E copy ${packages} "${work}"
      COMMAND "${LIGHTSEED_NPM}" ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
      COMMAND "${CMAKE_COMMAND}" -E touch "${work}/installed"
      DEPENDS ${packages}
      WORKING_DIRECTORY "${work}"
      COMMENT "npm: what package-lock.json names")
    file(MAKE_DIRECTORY "${work}")
    set(modules ${LIGHTSEED_REPORT_SOURCES})
    list(TRANSFORM modules PREPEND "${source}/")
    set(notices "${work}/dist/THIRD-PARTY.txt")
    add_custom_command(OUTPUT "${work}/dist/report.js" "${notices}" VERBATIM
      COMMAND "${CMAKE_COMMAND}" -E copy ${modules} "${work}"
      COMMAND "${LIGHTSEED_NPM}" run --silent build
      DEPENDS "${work}/installed" ${modules}
      WORKING_DIRECTORY "${work}"
      COMMENT "npm: one script of the page's plots")
    add_custom_command(OUTPUT "${script}" VERBATIM
      COMMAND "${CMAKE_COMMAND}" "-DINPUT=${work}/dist/report.js" "-DOUTPUT=${script}" -P "${embed}"
      DEPENDS "${work}/dist/report.js" "${embed}")
    install(FILES "${notices}" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
  else()
    add_custom_command(OUTPUT "${script}" VERBATIM
      COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${script}" -P "${embed}"
      DEPENDS "${embed}")
  endif()
  target_sources(${target} PRIVATE "${script}")
  set_source_files_properties("${script}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
