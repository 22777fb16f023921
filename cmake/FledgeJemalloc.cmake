# jemalloc for external memory, as a copy that nobody else sees.
#
# Debian's library has no prefix: whoever links it has malloc, free and operator
# new replaced. The copy is one object file, in which every name is local but
# those that Fledge calls, and these have a prefix. So it replaces nothing, and
# does not meet a jemalloc of the embedder's, shared or static.
#
# FLEDGE_MALLOC says what external memory is made of: jemalloc, or malloc where
# a sanitizer is to see the buffers or the option says so. fledge_glob chooses
# files by it.
option(FLEDGE_JEMALLOC
       "Take external memory from a copy of jemalloc instead of malloc" ON)

set(FLEDGE_MALLOC malloc)
if(FLEDGE_JEMALLOC AND NOT FLEDGE_SANITIZE)
  set(FLEDGE_MALLOC jemalloc)
endif()

# fledge_add_jemalloc(TARGET)
#
# Puts the copy into TARGET, a static library of this folder.
function(fledge_add_jemalloc target)
  find_library(FLEDGE_JEMALLOC_LIBRARY libjemalloc_pic.a)
  find_path(FLEDGE_JEMALLOC_INCLUDE_DIR jemalloc/jemalloc.h)
  mark_as_advanced(FLEDGE_JEMALLOC_LIBRARY FLEDGE_JEMALLOC_INCLUDE_DIR)
  if(NOT FLEDGE_JEMALLOC_LIBRARY OR NOT FLEDGE_JEMALLOC_INCLUDE_DIR)
    message(FATAL_ERROR
      "jemalloc's static library is missing (libjemalloc-dev on Debian). "
      "Install it, or do with malloc: -DFLEDGE_JEMALLOC=OFF")
  endif()

  # What Fledge calls, and what the copy calls of Fledge's: where it asks for
  # its settings (allocator/buffer_arena_jemalloc.cc).
  set(rename "")
  foreach(name mallocx rallocx dallocx sallocx mallctl)
    list(APPEND rename --redefine-sym ${name}=fledge_je_${name}
                       --keep-global-symbol=fledge_je_${name})
  endforeach()
  foreach(name secure_getenv readlink)
    list(APPEND rename --redefine-sym ${name}=fledge_je_${name})
  endforeach()

  set(copy ${CMAKE_CURRENT_BINARY_DIR}/jemalloc.a)
  set(joined ${CMAKE_CURRENT_BINARY_DIR}/jemalloc_joined.o)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/fledge_jemalloc.o)
  add_custom_command(
    OUTPUT ${object}
    BYPRODUCTS ${copy} ${joined}
    COMMAND ${CMAKE_COMMAND} -E copy ${FLEDGE_JEMALLOC_LIBRARY} ${copy}
    # This member has operator new and nothing that is called.
    COMMAND ${CMAKE_AR} d ${copy} jemalloc_cpp.pic.o
    COMMAND ${CMAKE_LINKER} -r -o ${joined} --whole-archive ${copy}
    COMMAND ${CMAKE_OBJCOPY} ${rename} ${joined} ${object}
    DEPENDS ${FLEDGE_JEMALLOC_LIBRARY} ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    COMMENT "Making a copy of jemalloc"
    VERBATIM)
  set_source_files_properties(${object} PROPERTIES
    EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(${target} PRIVATE ${object})
  target_include_directories(${target} SYSTEM PRIVATE
    ${FLEDGE_JEMALLOC_INCLUDE_DIR})
  target_link_libraries(${target} PRIVATE m ${CMAKE_DL_LIBS})
endfunction()
