/* sage/version.h -- the version of this source tree (semantic versioning). */
#ifndef SAGE_VERSION_H
#define SAGE_VERSION_H

#define SAGE_VERSION "0.1.0"

#endif
