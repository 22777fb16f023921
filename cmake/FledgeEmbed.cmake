# fledge_embed(TARGET SYMBOL FILE NAMESPACE name HEADER file)
#
# Puts FILE's bytes into TARGET as `const std::string_view NAMESPACE::SYMBOL`,
# which HEADER declares. A file that does not exist is left out, with a message,
# and so is its symbol.
function(fledge_embed target symbol file)
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "NAMESPACE;HEADER" "")
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
  # The glob makes the build look again once the file appears.
  file(GLOB present CONFIGURE_DEPENDS ${file})
  if(NOT present)
    message(STATUS "fledge_embed: ${file} is missing, so is ${symbol}")
    return()
  endif()
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.cc)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DINPUT=${file}
            -DNAMESPACE=${arg_NAMESPACE} -DHEADER=${arg_HEADER}
            -DOUTPUT=${source} -P ${script}
    DEPENDS ${file} ${script}
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()
