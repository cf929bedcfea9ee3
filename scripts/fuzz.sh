#!/bin/bash
# Builds the fuzzers of test/fuzz and runs each for some seconds, two at a time: fuzz.sh [SECONDS] [NAME...].
# Seeds come from test/fuzz/corpus/NAME where there are any, and from recorded data where NUTHATCH_DATA says.
# What is found grows build/corpus/NAME; an input that crashes is left in build/.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
names=("${@:2}")
cmake --preset memory > build/fuzz.log
cmake --build --preset memory
if [ ${#names[@]} -eq 0 ]; then
  names=($(basename -as .cc test/fuzz/*.cc))
fi
if [[ -n ${NUTHATCH_DATA:-} ]]; then python3 scripts/fuzz-seeds.py "$NUTHATCH_DATA" build/seeds; fi
export UBSAN_OPTIONS=print_stacktrace=1

run_one() {
  local name=$1 seconds=$2
  local seeds=("build/corpus/$name") log="build/fuzz-$name.log" folder
  mkdir -p "${seeds[0]}"
  for folder in "test/fuzz/corpus/$name" "build/seeds/$name"; do
    if [ -d "$folder" ]; then seeds+=("$folder"); fi
  done
  if ! "build/memory/fuzz_$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
    -artifact_prefix="build/$name-" -print_final_stats=1 "${seeds[@]}" > "$log" 2>&1; then
    tail -60 "$log"
    echo "FAILED: fuzz_$name"
    return 1
  fi
  echo "fuzz_$name, $seconds s"
  grep -E 'number_of_executed_units|average_exec_per_sec' "$log"
}
export -f run_one
printf '%s\n' "${names[@]}" | xargs -P2 -I{} bash -c 'run_one {} '"$seconds"
