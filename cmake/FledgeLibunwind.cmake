# libunwind, by which frames of compiled code without frame pointers are walked.
#
# It also defines the functions through which C++ exceptions are thrown
# (_Unwind_*), which libgcc has to keep: so libgcc comes first in every program
# that links Fledge, whether the compiler would name it later or not. A program
# that has no compiled frames does not load libunwind.

# fledge_link_libunwind(TARGET)
function(fledge_link_libunwind target)
  find_path(FLEDGE_LIBUNWIND_INCLUDE_DIR libunwind.h)
  find_library(FLEDGE_LIBUNWIND_LIBRARY libunwind.so)
  mark_as_advanced(FLEDGE_LIBUNWIND_INCLUDE_DIR FLEDGE_LIBUNWIND_LIBRARY)
  if(NOT FLEDGE_LIBUNWIND_INCLUDE_DIR OR NOT FLEDGE_LIBUNWIND_LIBRARY)
    message(FATAL_ERROR
      "libunwind is missing (libunwind-dev on Debian): frames of compiled code "
      "are walked by it.")
  endif()
  target_include_directories(${target} SYSTEM PRIVATE
    ${FLEDGE_LIBUNWIND_INCLUDE_DIR})
  # One argument, so that nothing comes in between.
  set(shared
    "-Wl,--push-state,--no-as-needed,-lgcc_s,--as-needed,-lunwind,--pop-state")
  set(archives "-Wl,-lgcc_eh,-lunwind,-llzma")
  set(is_static "$<BOOL:$<TARGET_PROPERTY:FLEDGE_IS_STATIC>>")
  target_link_libraries(${target} PRIVATE
    "$<$<NOT:${is_static}>:${shared}>" "$<${is_static}:${archives}>")
endfunction()
