#!/bin/bash
# Builds the addon for win32-x64, and its tests, on Linux: build/win32-x64/prebuilds/win32-x64/nuthatch.node, and
# build/win32-x64/nuthatch_tests.exe. Wants Debian's cmake, ninja-build, g++-mingw-w64-x86-64-posix and libgtest-dev, llvm-14.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=build/win32-x64
cmake --preset windows
cmake --build --preset windows
mkdir -p $folder/prebuilds/win32-x64
x86_64-w64-mingw32-strip -o $folder/prebuilds/win32-x64/nuthatch.node $folder/nuthatch.node
node scripts/check-binaries.mjs --folder $folder
