# What `cmake --install` puts where: libraries, headers under include/fledge,
# a package for find_package(fledge), and the program.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fledge)

install(TARGETS fledge_allocator fledge_gc fledge_runtime
        EXPORT fledge-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY allocator gc runtime
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fledge
        FILES_MATCHING PATTERN "*.h")
install(EXPORT fledge-targets NAMESPACE fledge:: DESTINATION ${package_dir})

configure_package_config_file(
  cmake/fledge-config.cmake.in ${PROJECT_BINARY_DIR}/fledge-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/fledge-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fledge-config.cmake
              ${PROJECT_BINARY_DIR}/fledge-config-version.cmake
        DESTINATION ${package_dir})

if(TARGET fledge)
  install(TARGETS fledge RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
