#!/bin/sh
# Whether an installed package works: compiles rules, evaluates telemetry and a trace, and verifies a file, all of them
# examples of this checkout. Run where it is installed:  sh CHECKOUT/scripts/smoke.sh
set -eu
examples=$(dirname "$0")/../examples

npx --no -- nuthatch --version
npx --no -- nuthatch test "$examples/rules"
npx --no -- nuthatch verify --backend portable --roots "$examples/images/root.pem" --time 2030-01-01 "$examples/images/signed.exe"
for input in telemetry traces; do
  npx --no -- nuthatch run -r "$examples/rules" "$examples/$input" > detections.ndjson
  grep -q '"detector":' detections.ndjson
done
rm detections.ndjson
echo 'all works'
