# Cross builds with Zig's clang, which brings the headers and libraries of every system it builds for
# (scripts/cross-build.mjs). ZIG is the program, ZIG_TARGET what it calls the target, ZIG_SYSTEM CMake's
# name of the system.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ZIG ZIG_TARGET ZIG_SYSTEM)
set(CMAKE_SYSTEM_NAME ${ZIG_SYSTEM})
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${ZIG_TARGET})
set(CMAKE_C_COMPILER ${ZIG} cc -target ${ZIG_TARGET})
set(CMAKE_CXX_COMPILER ${ZIG} c++ -target ${ZIG_TARGET})
set(CMAKE_AR llvm-ar-14)
set(CMAKE_RANLIB llvm-ranlib-14)
set(CMAKE_RC_COMPILER llvm-windres-14)  # CMake wants one for Windows; there are no resources
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Two builds of one commit are the same bytes, wherever their folders are.
get_filename_component(ZIG_SOURCES "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
set(ZIG_FLAGS "-g1 -ffile-prefix-map=${ZIG_SOURCES}/=")
if(ZIG_SYSTEM STREQUAL Darwin)
  string(APPEND ZIG_FLAGS " -idirafter ${CMAKE_CURRENT_LIST_DIR}/macos")
endif()
set(CMAKE_C_FLAGS_INIT "${ZIG_FLAGS}")
set(CMAKE_CXX_FLAGS_INIT "${ZIG_FLAGS}")
