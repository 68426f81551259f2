# The verifier for programs of others: one archive with every object it needs, the public
# headers, a pkg-config file.
#   cmake --install build/release --component verify --prefix DIR

# All libraries of ours that `target` links, itself included.
function(sage_libraries_below out target)
  set(seen "")
  set(todo ${target})
  while(todo)
    list(POP_FRONT todo lib)
    if(NOT TARGET ${lib} OR lib IN_LIST seen)
      continue()
    endif()
    get_target_property(type ${lib} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      list(APPEND seen ${lib})
      get_target_property(links ${lib} LINK_LIBRARIES)
      if(links)
        list(APPEND todo ${links})
      endif()
    endif()
  endwhile()
  set(${out} ${seen} PARENT_SCOPE)
endfunction()

sage_libraries_below(libraries sage_verify)
add_library(sage_verify_bundle STATIC)
foreach(lib IN LISTS libraries)
  target_sources(sage_verify_bundle PRIVATE $<TARGET_OBJECTS:${lib}>)
endforeach()
set_target_properties(sage_verify_bundle PROPERTIES OUTPUT_NAME sage-verify LINKER_LANGUAGE C)
target_include_directories(sage_verify_bundle INTERFACE ${CMAKE_SOURCE_DIR}/include)

configure_file(cmake/sage-verify.pc.in sage-verify.pc @ONLY)
install(TARGETS sage_verify_bundle ARCHIVE DESTINATION lib COMPONENT verify)
install(FILES include/sage/status.h include/sage/statement.h include/sage/verify.h
  include/sage/version.h DESTINATION include/sage COMPONENT verify)
install(FILES ${CMAKE_BINARY_DIR}/sage-verify.pc DESTINATION lib/pkgconfig COMPONENT verify)
