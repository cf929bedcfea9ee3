# nuthatch.node. cmake-js gives CMAKE_JS_INC (headers), CMAKE_JS_SRC (the delay-load hook of
# Windows) and CMAKE_JS_LIB (node.lib).
sources_of(ADDON_SOURCES addon)
add_library(nuthatch MODULE ${ADDON_SOURCES} ${CMAKE_JS_SRC})
set_target_properties(nuthatch PROPERTIES PREFIX "" SUFFIX ".node")
target_include_directories(nuthatch SYSTEM PRIVATE ${CMAKE_JS_INC})
target_compile_definitions(
  nuthatch PRIVATE NAPI_VERSION=9 NODE_ADDON_API_CPP_EXCEPTIONS_ALL
                   NUTHATCH_VERSION="${PROJECT_VERSION}")
target_link_libraries(nuthatch PRIVATE nuthatch_core ${CMAKE_JS_LIB})
warn(nuthatch)

if(MSVC AND CMAKE_JS_NODELIB_DEF AND CMAKE_JS_NODELIB_TARGET)
  execute_process(COMMAND ${CMAKE_AR} /def:${CMAKE_JS_NODELIB_DEF} /out:${CMAKE_JS_NODELIB_TARGET}
                          ${CMAKE_STATIC_LINKER_FLAGS})
elseif(APPLE)
  target_link_options(nuthatch PRIVATE -undefined dynamic_lookup -Wl,-dead_strip)
elseif(NOT WIN32)
  target_link_options(nuthatch PRIVATE -Wl,--gc-sections -Wl,--exclude-libs,ALL)
endif()
# A binary that asks for no libstdc++ runs on distributions older than the one it was built on.
if(NOT MSVC AND NOT APPLE AND NOT SANITIZE)
  target_link_options(nuthatch PRIVATE -static-libstdc++ -static-libgcc)
endif()
