#!/usr/bin/env bash
# Runs the Spin models of the ring and judges every run.
#
#   run.sh            the runs of continuous integration (about 100 seconds on two idle cores)
#   run.sh --full     the big sizes as well, one at a time (README.md says how long each takes)
#   run.sh --only RE  only the runs whose "model label switches" match the extended regular expression RE
#
# A correct model must end with "errors: 0" after a COMPLETE search; a faulty one (-DFAULT_...) must end with an error.
# pan's exit status says nothing (it is 0 on a violation), so its "errors:" line is read instead.
# Environment: MODELS_JOBS  runs at the same time (default 2, or 1 on a single core; always 1 with --full).
# Exit status: 0 all as expected, 1 not, 2 usage or a missing tool.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 2
full=0 only=
while [ $# -gt 0 ]; do
  case $1 in
    --full) full=1 ;;
    --only) [ $# -ge 2 ] || { echo "run.sh: --only needs an expression" >&2; exit 2; }; only=$2; shift ;;
    *) echo "usage: run.sh [--full] [--only EXPRESSION]" >&2; exit 2 ;;
  esac
  shift
done

cc=${CC:-cc}
missing=0
command -v spin >/dev/null 2>&1 || { echo "run.sh: 'spin' is missing: install Spin 6.5 (package 'spin')" >&2; missing=1; }
command -v "$cc" >/dev/null 2>&1 || { echo "run.sh: the C compiler '$cc' is missing" >&2; missing=1; }
[ $missing -eq 0 ] || exit 2

work=$(mktemp -d "${TMPDIR:-/tmp}/models.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; exit 130' INT TERM

# The list of runs. kind: ok = must be clean and complete; fault = must fail; reach = must fail (a branch is reached).
# store: exact = every state is kept whole (collapsed); hc4 = hash compaction, not exact.
count=0
model=() kind=() store=() label=() flags=()
row() { # model kind store label switches...
  if [ -n "$only" ] && ! [[ "$*" =~ $only ]]; then return; fi
  model[count]=$1 kind[count]=$2 store[count]=$3 label[count]=$4
  shift 4
  flags[count]=$*
  count=$((count + 1))
}
. "$here/runs.sh"
[ $count -gt 0 ] || { echo "run.sh: no run matches '$only'" >&2; exit 2; }

jobs=${MODELS_JOBS:-$(nproc 2>/dev/null || echo 1)}
[ "$jobs" -le 2 ] || jobs=2
[ $full -eq 0 ] || jobs=1

# run N: builds and runs row N in its own directory, leaves "states seconds errors verdict detail" in $work/N.result
run() {
  local n=$1 dir=$work/$1 optimise=-O0 memory=2500 depth=3000000 limit=10 hash=22 began ended
  local states errors cut detail verdict
  mkdir -p "$dir" && cd "$dir" || return
  # -O0: for the default runs compiling better costs more than it saves in searching.
  [ $full -eq 0 ] || { optimise=-O2; memory=6000; depth=12000000; limit=15 hash=24; }
  local keep=-DCOLLAPSE
  [ "${store[n]}" = exact ] || keep=-DHC4
  # shellcheck disable=SC2086
  { spin -a ${flags[n]} "$here/${model[n]}.pml" &&
    "$cc" $optimise -w -DSAFETY $keep -DMEMLIM=$memory -o pan pan.c; } >build 2>&1 || {
    echo "- - none NO does not build: $(tail -n 1 build)" >"$work/$n.result"; rm -rf "$dir"; return; }
  began=$(date +%s%N)
  # -E: an assertion must fail, not merely some process be left waiting. -Q: minutes.
  ./pan -E -m$depth -w$hash -Q$limit >out 2>&1
  ended=$(date +%s%N)
  states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' out | tail -n 1)
  errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' out | tail -n 1)
  cut=$(grep -E -m1 'max search depth too small|reached -DMEMLIM|out of memory|time limit|Search not completed' out)
  detail=$(sed -n 's/^pan:1: \(.*\) (at depth \([0-9]*\)).*/\1, depth \2/p' out | head -n 1)
  verdict=NO
  if [ -z "$errors" ]; then detail="pan ended without a verdict: $(tail -n 1 out)"
  elif [ "${kind[n]}" = ok ]; then
    if [ "$errors" -ne 0 ]; then :
    elif [ -n "$cut" ]; then detail="not complete: $cut"
    else verdict=yes; fi
  elif [ "$errors" -ne 0 ]; then verdict=yes
  else detail="no error found${cut:+ (not complete)}"
  fi
  [ -z "${MODELS_KEEP:-}" ] || { mkdir -p "$MODELS_KEEP/$n"; cp out pan.c pan *.trail "$MODELS_KEEP/$n/" 2>/dev/null; }
  echo "${states:--} $(((ended - began) / 100000000)) ${errors:-none} $verdict $detail" >"$work/$n.result"
  cd "$work" && rm -rf "$dir"
}

line='%-11s %-5s %-5s %-52s %10s %7s  %-11s %-3s %s\n'
# shellcheck disable=SC2059
printf "$line" model kind store 'run' states seconds result ok 'by'
next=0 bad=0
report() { # prints, in order, what is ready
  local states tenths errors verdict detail name
  while [ $next -lt $count ] && [ -s "$work/$next.result" ]; do
    read -r states tenths errors verdict detail <"$work/$next.result"
    [ "$verdict" = yes ] || bad=$((bad + 1))
    name=${label[next]}
    [ "$tenths" = - ] || tenths=$((tenths / 10)).$((tenths % 10))
    # shellcheck disable=SC2059
    printf "$line" "${model[next]}" "${kind[next]}" "${store[next]}" "$name" "$states" "$tenths" "errors: $errors" "$verdict" "$detail"
    next=$((next + 1))
  done
}
for ((n = 0; n < count; n++)); do
  while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n 2>/dev/null; report; done
  (run "$n") &
done
while [ "$(jobs -rp | wc -l)" -gt 0 ]; do wait -n 2>/dev/null; report; done
wait
report

if [ $bad -eq 0 ] && [ $next -eq $count ]; then
  echo "models: $count runs, all as expected"
  exit 0
fi
[ $next -eq $count ] || bad=$((bad + count - next))
echo "models: $bad of $count runs NOT as expected"
exit 1
