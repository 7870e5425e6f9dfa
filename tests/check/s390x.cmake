# SPDX-License-Identifier: GPL-2.0-or-later
#
# For s390x, with Debian's cross compiler: cmake -DCMAKE_TOOLCHAIN_FILE=tests/check/s390x.cmake -DS390X_ROOT=DIRECTORY.
# DIRECTORY has the libraries as Debian has them for s390x; the tests are run by qemu.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES S390X_ROOT)

set(CMAKE_C_COMPILER s390x-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER "" CACHE INTERNAL "the header in C++ is for the native build")
set(CMAKE_SYSROOT ${S390X_ROOT})
set(CMAKE_LIBRARY_ARCHITECTURE s390x-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x-static -L ${S390X_ROOT})

set(ENV{PKG_CONFIG_SYSROOT_DIR} ${S390X_ROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${S390X_ROOT}/usr/lib/s390x-linux-gnu/pkgconfig:${S390X_ROOT}/usr/share/pkgconfig)
