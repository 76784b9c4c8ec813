#!/usr/bin/env bash
# Has LTTng-UST record events of every kind of field, and takes a snapshot. Usage: record.sh SOURCES WORK
# The trace is in WORK/trace. A session daemon of this user that runs already is used, and left running.
set -euo pipefail
sources=$1 work=$2
session=ringtrace-test-$$
export LTTNG_HOME=$work LTTNG_UST_REGISTER_TIMEOUT=10000

end() {
    lttng --no-sessiond destroy "$session" --no-wait > /dev/null 2>&1 || true
    if [ -s "$work/daemon" ]; then kill "$(cat "$work/daemon")" || true; fi
}
trap end EXIT

cc -O1 -I "$sources" -o "$work/fields" "$sources/fields.c" -llttng-ust -ldl -lpthread
if ! lttng --no-sessiond list > /dev/null 2>&1; then
    lttng-sessiond --no-kernel --quiet --background --pidfile="$work/daemon" > /dev/null 2>&1
fi
lttng --no-sessiond create "$session" --snapshot --output="$work/trace" > /dev/null
lttng --no-sessiond enable-channel -u -s "$session" --overwrite --buffers-uid --subbuf-size=64K --num-subbuf=16 fields > /dev/null
lttng --no-sessiond enable-event -u -s "$session" -c fields 'fields:*' > /dev/null
lttng --no-sessiond add-context -u -s "$session" -c fields -t vtid -t procname > /dev/null
lttng --no-sessiond start "$session" > /dev/null
"$work/fields"
lttng --no-sessiond snapshot record -s "$session" > /dev/null
