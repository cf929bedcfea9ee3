# nuthatch.node. cmake-js gives CMAKE_JS_INC (headers), CMAKE_JS_SRC (the delay-load hook of
# Windows) and CMAKE_JS_LIB (node.lib).
string(JSON NAPI_VERSION GET "${PACKAGE_JSON}" binary napi_versions 0)
sources_of(ADDON_SOURCES addon)
if(APPLE AND ZIG)  # which knows no bundles, and takes a library's name from its path
  set(CMAKE_SHARED_MODULE_CREATE_CXX_FLAGS "-shared -Wl,-install_name,nuthatch.node")
endif()
add_library(nuthatch MODULE ${ADDON_SOURCES} ${CMAKE_JS_SRC})
set_target_properties(nuthatch PROPERTIES PREFIX "" SUFFIX ".node")
target_include_directories(nuthatch SYSTEM PRIVATE ${CMAKE_JS_INC})
# SWALLOW: in a worker that is being terminated nothing can be thrown any more, which is no reason to
# abort the process.
target_compile_definitions(
  nuthatch PRIVATE NAPI_VERSION=${NAPI_VERSION} NODE_ADDON_API_CPP_EXCEPTIONS_ALL
                   NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
                   NUTHATCH_VERSION="${PROJECT_VERSION}")
target_link_libraries(nuthatch PRIVATE nuthatch_core ${CMAKE_JS_LIB})
warn(nuthatch)

if(MSVC AND CMAKE_JS_NODELIB_DEF AND CMAKE_JS_NODELIB_TARGET)
  execute_process(COMMAND ${CMAKE_AR} /def:${CMAKE_JS_NODELIB_DEF} /out:${CMAKE_JS_NODELIB_TARGET}
                          ${CMAKE_STATIC_LINKER_FLAGS})
elseif(APPLE)
  target_link_options(nuthatch PRIVATE -Wl,-undefined,dynamic_lookup -Wl,-dead_strip)
elseif(MINGW)
  # Node-API has no library here, and the program that has it can have any name.
  set(FUNCTIONS "${CMAKE_CURRENT_BINARY_DIR}/node_api_functions.inc")
  execute_process(COMMAND node "${CMAKE_SOURCE_DIR}/scripts/node-api-functions.mjs"
                  OUTPUT_FILE "${FUNCTIONS}" COMMAND_ERROR_IS_FATAL ANY)
  target_sources(nuthatch PRIVATE native/addon/node_api_win.cc)
  target_include_directories(nuthatch PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
  target_compile_definitions(nuthatch PRIVATE BUILDING_NODE_EXTENSION)  # dllimport
  target_link_options(nuthatch PRIVATE -Wl,--gc-sections)
  if(NOT ZIG)
    target_link_options(nuthatch PRIVATE -static)  # libstdc++; Zig would make a static library
  endif()
else()
  set(EXPORTS "${CMAKE_SOURCE_DIR}/native/addon/exports.map")
  target_link_options(nuthatch PRIVATE -Wl,--gc-sections "-Wl,--version-script=${EXPORTS}")
  set_property(TARGET nuthatch PROPERTY LINK_DEPENDS "${EXPORTS}")
  # So a prebuild runs where libstdc++ is older than here. libgcc_s stays shared: every Node needs
  # it, and linked in it would ask for glibc 2.35.
  if(NOT SANITIZE AND NOT ZIG)
    target_link_options(nuthatch PRIVATE -static-libstdc++)
  endif()
endif()
