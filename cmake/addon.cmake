# nuthatch.node. cmake-js gives CMAKE_JS_INC (headers), CMAKE_JS_SRC (the delay-load hook of
# Windows) and CMAKE_JS_LIB (node.lib).
sources_of(ADDON_SOURCES addon)
add_library(nuthatch MODULE ${ADDON_SOURCES} ${CMAKE_JS_SRC})
set_target_properties(nuthatch PROPERTIES PREFIX "" SUFFIX ".node")
target_include_directories(nuthatch SYSTEM PRIVATE ${CMAKE_JS_INC})
# SWALLOW: in a worker that is being terminated nothing can be thrown any more, which is no reason to
# abort the process.
target_compile_definitions(
  nuthatch PRIVATE NAPI_VERSION=9 NODE_ADDON_API_CPP_EXCEPTIONS_ALL
                   NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
                   NUTHATCH_VERSION="${PROJECT_VERSION}")
target_link_libraries(nuthatch PRIVATE nuthatch_core ${CMAKE_JS_LIB})
warn(nuthatch)

if(MSVC AND CMAKE_JS_NODELIB_DEF AND CMAKE_JS_NODELIB_TARGET)
  execute_process(COMMAND ${CMAKE_AR} /def:${CMAKE_JS_NODELIB_DEF} /out:${CMAKE_JS_NODELIB_TARGET}
                          ${CMAKE_STATIC_LINKER_FLAGS})
elseif(APPLE)
  target_link_options(nuthatch PRIVATE -undefined dynamic_lookup -Wl,-dead_strip)
elseif(MINGW)
  # There is no node.lib in a cross build: an import library of Node-API alone, whose functions are
  # looked for when they are called first (native/addon/delay_load_hook_win.cc).
  set(NODE_API "${CMAKE_SOURCE_DIR}/node_modules/node-api-headers/def/node_api.def")
  set(NODE_LIBRARY "${CMAKE_CURRENT_BINARY_DIR}/libnode.a")
  add_custom_command(
    OUTPUT "${NODE_LIBRARY}" DEPENDS "${NODE_API}"
    COMMAND ${CMAKE_DLLTOOL} -d "${NODE_API}" -D node.exe -y "${NODE_LIBRARY}")
  add_custom_target(node_library DEPENDS "${NODE_LIBRARY}")
  add_dependencies(nuthatch node_library)
  target_sources(nuthatch PRIVATE native/addon/delay_load_hook_win.cc)
  target_link_libraries(nuthatch PRIVATE "${NODE_LIBRARY}")
  target_link_options(nuthatch PRIVATE -static -Wl,--gc-sections)
else()
  set(EXPORTS "${CMAKE_SOURCE_DIR}/native/addon/exports.map")
  target_link_options(nuthatch PRIVATE -Wl,--gc-sections "-Wl,--version-script=${EXPORTS}")
  set_property(TARGET nuthatch PROPERTY LINK_DEPENDS "${EXPORTS}")
  # So a prebuild runs where libstdc++ is older than here. libgcc_s stays shared: every Node needs
  # it, and linked in it would ask for glibc 2.35.
  if(NOT SANITIZE)
    target_link_options(nuthatch PRIVATE -static-libstdc++)
  endif()
endif()
