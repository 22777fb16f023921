# How everything of ours is compiled: the language, the warnings, the
# sanitizers, and the faster tools where they are installed.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# ccache and mold only save time, so nothing depends on their presence.
find_program(FLEDGE_CCACHE ccache)
mark_as_advanced(FLEDGE_CCACHE)
if(FLEDGE_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  # It keeps nothing of what reads a precompiled header unless it is told that
  # the header's macros and times do not matter.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros ${FLEDGE_CCACHE})
endif()

include(CheckLinkerFlag)
find_program(FLEDGE_MOLD mold)
mark_as_advanced(FLEDGE_MOLD)
if(FLEDGE_MOLD)
  check_linker_flag(CXX -fuse-ld=mold FLEDGE_MOLD_WORKS)
  if(FLEDGE_MOLD_WORKS)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

# For ccache, too: what is precompiled stays a reference in what it compares.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
if(FLEDGE_WERROR)
  add_compile_options(-Werror)
endif()

# FLEDGE_SANITIZERS holds the suffixes of source files that belong to the
# active sanitizers; fledge_glob chooses by them.
set(FLEDGE_SANITIZERS "")
set(FLEDGE_TIMEOUT_FACTOR 1)
if(FLEDGE_SANITIZE)
  # GCC's flow warnings are known to be wrong in instrumented code. The vptr
  # check needs type information, which allocator/ and gc/ are built without.
  add_compile_options(-fsanitize=${FLEDGE_SANITIZE} -fno-sanitize=vptr
                      -fno-sanitize-recover=all -fno-omit-frame-pointer
                      -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${FLEDGE_SANITIZE} -fno-sanitize=vptr)
  set(FLEDGE_TIMEOUT_FACTOR 4)
  if(FLEDGE_SANITIZE MATCHES "address")
    list(APPEND FLEDGE_SANITIZERS asan)
  endif()
  if(FLEDGE_SANITIZE MATCHES "thread")
    list(APPEND FLEDGE_SANITIZERS tsan)
    # GCC warns that it does not see fences. Nothing is ordered by one alone:
    # what a fence decides, a lock or an acquiring load hands over.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()
