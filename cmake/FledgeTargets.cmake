# Functions that make targets out of folders.

# fledge_glob(OUT FOLDER [EXCLUDE REGEX] [SUFFIX .cc])
#
# Sets OUT to the source files below FOLDER that belong to this build. New
# files are found at the next build. Names choose between variants:
#
#   x_linux.cc            only on Linux
#   x_x86_64.cc           only on that processor
#   x_asan.cc, x_tsan.cc  only under that sanitizer
#   x_none.cc             only where no variant of x for a sanitizer is chosen
#   x_jemalloc.cc, x_malloc.cc  as FLEDGE_MALLOC says; so with their tests
function(fledge_glob out folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "EXCLUDE;SUFFIX" "")
  if(NOT arg_SUFFIX)
    set(arg_SUFFIX .cc)
  endif()
  file(GLOB_RECURSE found CONFIGURE_DEPENDS ${folder}/*${arg_SUFFIX})
  set(chosen "")
  foreach(file IN LISTS found)
    if(arg_EXCLUDE AND file MATCHES "${arg_EXCLUDE}")
      continue()
    endif()
    if(file MATCHES "_linux\\.cc$" AND NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
      continue()
    endif()
    if(file MATCHES "_x86_64\\.cc$"
       AND NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
      continue()
    endif()
    if(file MATCHES "_(asan|tsan)\\.cc$"
       AND NOT CMAKE_MATCH_1 IN_LIST FLEDGE_SANITIZERS)
      continue()
    endif()
    if(file MATCHES "_(jemalloc|malloc)(_test)?\\.cc$"
       AND NOT CMAKE_MATCH_1 STREQUAL FLEDGE_MALLOC)
      continue()
    endif()
    if(file MATCHES "^(.*)_none\\.cc$")
      set(stem ${CMAKE_MATCH_1})
      set(replaced FALSE)
      foreach(sanitizer IN LISTS FLEDGE_SANITIZERS)
        if("${stem}_${sanitizer}.cc" IN_LIST found)
          set(replaced TRUE)
        endif()
      endforeach()
      if(replaced)
        continue()
      endif()
    endif()
    list(APPEND chosen ${file})
  endforeach()
  set(${out} ${chosen} PARENT_SCOPE)
endfunction()

# fledge_library(NAME FOLDER [EXCLUDE REGEX] [NO_EXCEPTIONS]
#                [PUBLIC target...] [PRIVATE target...] [PRELUDE header...])
#
# A static library of a folder's sources, or an interface library while the
# folder holds only headers. PRIVATE dependencies are those that no header
# shows, so embedders need not have them. With FLEDGE_PRELUDES, the headers of
# PRELUDE, which most sources include, are read once for all.
function(fledge_library name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "NO_EXCEPTIONS" "EXCLUDE"
                        "PUBLIC;PRIVATE;PRELUDE")
  fledge_glob(sources ${folder} EXCLUDE "${arg_EXCLUDE}")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    if(arg_NO_EXCEPTIONS AND NOT FLEDGE_EXCEPTIONS)
      target_compile_options(${name} PRIVATE -fno-exceptions -fno-rtti)
    endif()
    if(arg_PRELUDE AND FLEDGE_PRELUDES)
      list(TRANSFORM arg_PRELUDE PREPEND "${PROJECT_SOURCE_DIR}/"
           REGEX "\\.h$")
      target_precompile_headers(${name} PRIVATE ${arg_PRELUDE})
    endif()
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC})
    set(scope INTERFACE)
  endif()
  target_compile_features(${name} ${scope} cxx_std_20)
  # Installed headers include each other as they do here, from the root.
  target_include_directories(${name} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/fledge>)
  string(REPLACE "fledge_" "" short ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${short})
  add_library(fledge::${short} ALIAS ${name})
endfunction()

# fledge_tests(NAME FOLDER TIMEOUT SECONDS [LINK target...] [PRELUDE header...]
#              [ONLY regex] [EXCLUDE regex])
#
# A test executable of a folder's *_test.cc, or of those that match ONLY, each
# test in it a ctest test. What most of them include, GoogleTest and PRELUDE, is
# read once for all. Nothing is made while there is no such file. Tests keep
# exceptions and type information: GoogleTest reports through them.
function(fledge_tests name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TIMEOUT;ONLY;EXCLUDE"
                        "LINK;PRELUDE")
  fledge_glob(sources ${folder} EXCLUDE "${arg_EXCLUDE}")
  if(arg_ONLY)
    list(FILTER sources INCLUDE REGEX "${arg_ONLY}")
  endif()
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE fledge_test_support ${arg_LINK}
                        GTest::gmock GTest::gtest_main Threads::Threads)
  target_compile_definitions(${name} PRIVATE
    FLEDGE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # A test is compiled more often than its own code runs: what it links is as
  # the preset says.
  target_compile_options(${name} PRIVATE -Og)
  if(arg_PRELUDE)
    list(TRANSFORM arg_PRELUDE PREPEND "${PROJECT_SOURCE_DIR}/"
         REGEX "\\.h$")
    target_precompile_headers(${name} PRIVATE
      ${FLEDGE_TEST_PRELUDE} ${arg_PRELUDE})
  else()
    target_precompile_headers(${name} REUSE_FROM fledge_test_prelude)
  endif()
  math(EXPR timeout "${arg_TIMEOUT} * ${FLEDGE_TIMEOUT_FACTOR}")
  string(REGEX REPLACE "^fledge_(.*)_tests$" "\\1" label ${name})
  gtest_discover_tests(${name}
    TEST_PREFIX ${label}.
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${timeout} LABELS ${label})
endfunction()

# fledge_resolve_auto(OPTION PACKAGE TARGET)
#
# Sets OPTION_RESOLVED: whether to build what OPTION (ON, OFF or AUTO) is
# about, which needs PACKAGE with its TARGET (Debian has GoogleTest in two
# halves). ON makes a missing package an error.
macro(fledge_resolve_auto option package target)
  set(${option}_RESOLVED ${${option}})
  if(${option} STREQUAL "AUTO")
    find_package(${package} QUIET)
    set(${option}_RESOLVED OFF)
    if(TARGET ${target})
      set(${option}_RESOLVED ON)
    else()
      message(STATUS "${option}: off, as ${target} is not installed")
    endif()
  elseif(${option})
    find_package(${package} REQUIRED)
  endif()
endmacro()
