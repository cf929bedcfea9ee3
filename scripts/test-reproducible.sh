#!/bin/bash
# Builds a target twice from the commit that is checked out, here and in another folder with nothing cached, and compares
# the bytes:
#   bash scripts/test-reproducible.sh [linux-x64-glibc]
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-linux-x64-glibc}
if [[ -n $(git status --porcelain) ]]; then
  echo 'There are changes that are in no commit.' >&2
  exit 1
fi
folder=$(mktemp -d)
trap 'git worktree remove --force "$folder"' EXIT
git worktree add --quiet --detach "$folder"
ln -s "$PWD/node_modules" "$folder/node_modules"
node scripts/cross-build.mjs "$target"
node "$folder/scripts/cross-build.mjs" "$target"
for file in $(cd "$folder" && find prebuilds -name '*.node'); do
  cmp "$file" "$folder/$file"
  sha256sum "$file"
done
