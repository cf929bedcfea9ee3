#!/bin/bash
# generate: writes grammar/src from grammar/grammar.js.
# check: fails when grammar/src is stale, or a corpus, highlight or query test fails.
set -euo pipefail
cd "$(dirname "$0")/../grammar"

# Another version writes another parser.c.
VERSION=0.27.1
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
if [[ "$(tree-sitter --version 2>/dev/null || true)" != "tree-sitter $VERSION"* ]]; then
  echo "grammar.sh needs tree-sitter $VERSION: cargo install tree-sitter-cli --version $VERSION --locked" >&2
  exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TREE_SITTER_DIR="$scratch" TREE_SITTER_LIBDIR="$scratch/lib"
tree-sitter init-config > "$scratch/log" 2>&1 # else every command warns that there is none

case "${1:-}" in
  generate)
    tree-sitter generate
    ;;
  check)
    cp -r src "$scratch/src"
    tree-sitter generate --output "$scratch/src"
    if ! diff -r src "$scratch/src"; then
      echo 'grammar/src is stale: run npm run grammar:generate and commit what it writes' >&2
      exit 1
    fi
    tree-sitter test
    for query in queries/*.scm; do
      tree-sitter query "$query" test/highlight/detector.rb > "$scratch/log"
      echo "$query compiles"
    done
    ;;
  *)
    echo 'usage: grammar.sh generate | check' >&2
    exit 2
    ;;
esac
