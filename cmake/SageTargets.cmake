# Helpers that every room's CMakeLists uses.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

set(SAGE_WARNINGS
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wvla -Wundef -Wcast-qual -Wwrite-strings
  -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wformat=2 -Wimplicit-fallthrough
  -Wdouble-promotion -Wno-overlength-strings)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  list(APPEND SAGE_WARNINGS -Wlogical-op -Wduplicated-cond)
endif()

add_library(sage_options INTERFACE)
target_compile_options(sage_options INTERFACE ${SAGE_WARNINGS} -fstack-protector-strong
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")
target_compile_definitions(sage_options INTERFACE _GNU_SOURCE)
target_include_directories(sage_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)

# sage_library(name SOURCES ... [LINK ...]): a static library sage_<name> with the house flags.
function(sage_library name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
  add_library(sage_${name} STATIC ${A_SOURCES})
  target_link_libraries(sage_${name} PUBLIC ${A_LINK} PRIVATE sage_options)
  target_include_directories(sage_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
endfunction()

# Flags of one instruction set: set_source_files_properties(x_avx2.c PROPERTIES COMPILE_OPTIONS ...)
set(SAGE_FLAGS_avx2 -mavx2 -mbmi2 -DSAGE_LANES_AVX2)
set(SAGE_FLAGS_avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mbmi2
  -mprefer-vector-width=512 -DSAGE_LANES_AVX512)
set(SAGE_FLAGS_scalar -DSAGE_LANES_SCALAR)

# sage_test(name SOURCES ... [LINK ...] [LABELS ...] [ARGS ...] [HEAP]): a cmocka program run by
# ctest. HEAP: it counts its allocations (base/test_heap.h).
# Builds the tests with the label "threads" and no others.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
add_custom_target(sage_thread_tests)
function(sage_test name)
  cmake_parse_arguments(A "HEAP" "" "SOURCES;LINK;LABELS;ARGS" ${ARGN})
  add_executable(test_${name} ${A_SOURCES})
  if(A_HEAP)
    target_sources(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/base/test_heap.c)
    target_link_options(test_${name} PRIVATE
      -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=free)
  endif()
  target_link_libraries(test_${name} PRIVATE ${A_LINK} sage_options PkgConfig::CMOCKA)
  add_test(NAME ${name} COMMAND test_${name} ${A_ARGS})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
    ENVIRONMENT "SAGE_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
  if(A_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${A_LABELS}")
  endif()
  if("threads" IN_LIST A_LABELS)
    add_dependencies(sage_thread_tests test_${name})
  endif()
endfunction()
