# bench/native/x.cc becomes the executable x, which is built only when asked for.
file(GLOB BENCH_SOURCES CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/native/*.cc")
foreach(source ${BENCH_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  target_include_directories(${name} PRIVATE test/native)
  target_link_libraries(${name} PRIVATE nuthatch_core)
  warn(${name})
endforeach()
