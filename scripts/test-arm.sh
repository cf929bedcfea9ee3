#!/bin/bash
# Builds for Arm what has code of its own for each kind of processor, and its tests, and runs them in an
# emulator. Wants Debian's g++-aarch64-linux-gnu, libgtest-dev and qemu-user-static.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/arm
gtest=/usr/src/googletest/googletest
aarch64-linux-gnu-g++ -std=c++20 -O1 -static -w -Inative -Itest/native -I$gtest/include -I$gtest \
  native/base/{case_fold,cpu,fold_ascii,utf8}.cc native/telemetry/unescape.cc test/native/support/allocations.cc \
  native/evaluate/{affix_set,aho_corasick,gram_filter,gram_scan,gram_scan_arm,gram_scan_x86,gram_table,literal_set}.cc \
  test/native/base/{case_fold,fold_ascii}_test.cc test/native/telemetry/unescape_test.cc \
  test/native/evaluate/{gram_filter,literal_set}_test.cc \
  $gtest/src/{gtest-all,gtest_main}.cc -o build/arm/tests -lpthread
qemu-aarch64-static build/arm/tests
