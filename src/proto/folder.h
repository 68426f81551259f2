/* proto/folder.h -- the private folders of services and client. Thread safe. */
#ifndef SAGE_PROTO_FOLDER_H
#define SAGE_PROTO_FOLDER_H

#include "base/compiler.h"

/* sage_folder_make creates the folder at path, and those above it, with mode 0700; what is
 * there stays as it is. SAGE_EIO "folder.make" (err->at: errno), SAGE_ELIMIT "folder.path". */
SAGE_CHECKED sage_status sage_folder_make(const char *path, sage_errinfo *err);

#endif
