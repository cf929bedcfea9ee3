# test/fuzz/x.cc becomes the executable fuzz_x.
file(GLOB FUZZ_SOURCES CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/test/fuzz/*.cc")
foreach(source ${FUZZ_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  add_executable(fuzz_${name} ${source})
  target_link_libraries(fuzz_${name} PRIVATE nuthatch_core)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  warn(fuzz_${name})
endforeach()
