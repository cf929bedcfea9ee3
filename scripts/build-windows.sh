#!/bin/bash
# Builds the addon for win32-x64, and its tests, on Linux: build/win32-x64/prebuilds/win32-x64/nuthatch.node, and
# build/win32-x64/nuthatch_tests.exe. Wants Debian's cmake, ninja-build, g++-mingw-w64-x86-64-posix and libgtest-dev.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=build/win32-x64
cmake --preset windows
cmake --build --preset windows
mkdir -p $folder/prebuilds/win32-x64
x86_64-w64-mingw32-strip -o $folder/prebuilds/win32-x64/nuthatch.node $folder/nuthatch.node

# Nothing that only this machine has: Windows brings all of these. Node-API is looked for late, for it may be in a
# program of another name (native/addon/delay_load_hook_win.cc).
needed=$(x86_64-w64-mingw32-objdump -p $folder/nuthatch.node | sed -nE 's/^\s*DLL Name: (.*)/\L\1/p' | sort -u)
for library in $needed; do
  case $library in
    advapi32.dll | bcrypt.dll | dbghelp.dll | kernel32.dll | msvcrt.dll) ;;
    *)
      echo "nuthatch.node needs $library, which not every Windows has" >&2
      exit 1
      ;;
  esac
done
