# Reads native/sources.json, the one list of what is compiled; binding.gyp reads it too
# (scripts/sources.mjs).
set(SOURCES_FILE "${CMAKE_SOURCE_DIR}/native/sources.json")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${SOURCES_FILE}" package.json)
file(READ "${SOURCES_FILE}" SOURCES_JSON)
if(WIN32)
  set(SOURCES_PLATFORM sources_win)
else()
  set(SOURCES_PLATFORM sources_posix)
endif()

# Appends the strings of the JSON array at the given path to `out`, each behind `prefix`.
# Nothing is appended when there is no such array.
function(read_strings out prefix)
  string(JSON count ERROR_VARIABLE missing LENGTH "${SOURCES_JSON}" ${ARGN})
  if(NOT missing AND count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON item GET "${SOURCES_JSON}" ${ARGN} ${index})
      list(APPEND ${out} "${prefix}${item}")
    endforeach()
  endif()
  set(${out} "${${out}}" PARENT_SCOPE)
endfunction()

# Sources of one of our own groups for the platform that is compiled for.
function(sources_of out group)
  set(list)
  read_strings(list "${CMAKE_SOURCE_DIR}/" ${group} sources)
  read_strings(list "${CMAKE_SOURCE_DIR}/" ${group} ${SOURCES_PLATFORM})
  set(${out} "${list}" PARENT_SCOPE)
endfunction()

function(silence target)
  target_compile_options(${target} PRIVATE $<IF:$<BOOL:${MSVC}>,/w,-w>)
endfunction()

function(warn target)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 $<$<BOOL:${NUTHATCH_WERROR}>:/WX>)
  else()
    target_compile_options(
      ${target} PRIVATE -Wall -Wextra -Wpedantic $<$<BOOL:${NUTHATCH_WERROR}>:-Werror>)
  endif()
endfunction()

# A static library from a package's sources: node_modules of a checkout, or third_party/, which
# the published package carries instead.
function(add_third_party name)
  string(JSON package GET "${SOURCES_JSON}" third_party ${name} package)
  string(JSON root GET "${SOURCES_JSON}" third_party ${name} root)
  set(folder "${CMAKE_SOURCE_DIR}/node_modules/${package}/${root}")
  if(NOT EXISTS "${folder}")
    set(folder "${CMAKE_SOURCE_DIR}/third_party/${name}")
  endif()
  if(NOT EXISTS "${folder}")
    message(FATAL_ERROR "The sources of ${name} are neither in node_modules/${package} nor in "
                        "third_party/${name}: run `npm ci` first.")
  endif()
  set(sources)
  set(include)
  read_strings(sources "${folder}/" third_party ${name} sources)
  read_strings(sources "${folder}/" third_party ${name} ${SOURCES_PLATFORM})
  read_strings(include "${folder}/" third_party ${name} include)
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC ${include})
  silence(${name})
endfunction()
