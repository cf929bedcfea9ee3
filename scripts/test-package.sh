#!/bin/bash
# The package under other package managers, in test runners, bundled, and in a host with BoringSSL, whose pinned
# versions (test/package/tools) are installed in build/ first.
set -euo pipefail
cd "$(dirname "$0")/.."
npm run --silent prebuild # what is packed is of these sources
mkdir -p build/package-tools
cp test/package/tools/package*.json build/package-tools/
npm ci --silent --ignore-scripts --prefix build/package-tools
NUTHATCH_PACKAGE_TOOLS=build/package-tools npx tap --disable-coverage \
  test/package/{hosts,managers,manifest,types}.test.ts
