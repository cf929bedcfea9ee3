#!/bin/bash
# Runs a program for Windows under Wine, four minutes at most, in a prefix of its own:
#   bash scripts/wine.sh PROGRAM ARGUMENT...
# Its output must go to a file, for node.exe cannot write to a pipe of Wine's. Wants Debian's wine64 and wine.
set -euo pipefail
folder=$(realpath "$(dirname "$0")/..")/build/wine
wine=$(command -v wine64 || command -v wine)
export WINEPREFIX=$folder/prefix WINEDEBUG=-all WINEARCH=win64
export LC_ALL=C.UTF-8  # without it Wine finds no file whose name is not ASCII
mkdir -p "$folder"
trap 'wineserver -k 2> /dev/null || true' EXIT

# What Node needs to start: Wine calls itself Windows 7 otherwise.
if [[ ! -f $folder/prefix-made ]]; then
  timeout 120 wineboot -i > /dev/null 2>&1
  timeout 60 "$wine" reg add 'HKCU\Software\Wine' /v Version /d win10 /f > /dev/null 2>&1
  touch "$folder/prefix-made"
fi
timeout 240 "$wine" "$@"
