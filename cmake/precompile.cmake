# Precompiles cmake/standard_library.h for builds of tests. Other builds show that each file includes what it uses. Not with
# ccache, which would find nothing that it has.
function(use_precompiled)
  if(CMAKE_CXX_COMPILER_LAUNCHER)
    return()
  endif()
  foreach(target ${ARGN})
    target_precompile_headers(${target} PRIVATE
      "$<$<COMPILE_LANGUAGE:CXX>:${CMAKE_SOURCE_DIR}/cmake/standard_library.h>")
    # gcc 12 takes precompiled headers of the system for ours, and warns of what is right in them.
    target_compile_options(${target} PRIVATE "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-error>")
  endforeach()
endfunction()
