# Precompiles cmake/standard_library.h for the targets. CMake's own target_precompile_headers says -c too, with
# which Zig makes an object file; no times, for Zig keeps what it made of an older checkout. The options are those that all our C++ has: clang refuses others.
set(PRECOMPILED "${CMAKE_CURRENT_BINARY_DIR}/standard_library.pch")
set(PRECOMPILED_SOURCE "${CMAKE_SOURCE_DIR}/cmake/standard_library.h")
get_directory_property(options COMPILE_OPTIONS)
separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_RELEASE}")
add_custom_command(
  OUTPUT "${PRECOMPILED}" DEPENDS "${PRECOMPILED_SOURCE}"
  COMMAND ${ZIG} c++ -target ${ZIG_TARGET} ${flags} ${CMAKE_CXX_COMPILE_OPTIONS_PIC} ${options} -std=c++20
          -fvisibility=hidden -fvisibility-inlines-hidden -Xclang -fno-pch-timestamp
          -x c++-header -o "${PRECOMPILED}" "${PRECOMPILED_SOURCE}")
add_custom_target(precompiled DEPENDS "${PRECOMPILED}")

function(use_precompiled)
  foreach(target ${ARGN})
    add_dependencies(${target} precompiled)
    target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include-pch ${PRECOMPILED}>")
  endforeach()
endfunction()
