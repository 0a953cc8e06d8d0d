#!/bin/sh
# Tries a Holdfast that is installed: sh packaging/smoke.sh PROGRAM [window]
#
# A batch over real files is planned, shown, applied and checked; with `window` the window is opened off screen, and
# closed by SIGTERM, after which it has to end with 0.
set -eu
program=$1 window=${2-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
HOLDFAST_STATE_DIR=$folder/state
export HOLDFAST_STATE_DIR

bad() {
    echo "smoke: $*" >&2
    exit 1
}

"$program" --version
mkdir -p "$folder/tree/inner"
printf 'the left hand\n' >"$folder/tree/a.txt"
printf 'left, and left again\n' >"$folder/tree/inner/b.txt"
printf '{"side": "left"}\n' >"$folder/tree/c.json"
"$program" plan -w left right "$folder/tree" -o "$folder/tree/plan.json"
"$program" preview "$folder/tree/plan.json" | grep -q '^+the right hand$' || bad "the preview does not show the change"
grep -q 'left' "$folder/tree/a.txt" || bad "the preview has changed a file"
"$program" apply --yes "$folder/tree/plan.json"
[ "$(cat "$folder/tree/a.txt" "$folder/tree/inner/b.txt" "$folder/tree/c.json")" = 'the right hand
right, and right again
{"side": "right"}' ] || bad "the files are not what was asked for"
printf '{"holdfast": 1, "operations": [
  {"op": "delete", "path": "a.txt"}, {"op": "edit", "path": "c.json", "find": "}", "replace": ""}]}' >"$folder/tree/plan.json"
code=0
"$program" apply --yes "$folder/tree/plan.json" 2>/dev/null || code=$?
[ $code = 1 ] && [ -f "$folder/tree/a.txt" ] || bad "a batch that breaks a file was not refused whole (exit $code)"
"$program" recover
"$program" doctor "$folder/tree" >"$folder/doctor" || { cat "$folder/doctor" && bad "doctor"; }

if [ -n "$window" ]; then
    # It is up when its engine has looked for interrupted batches; a first start may install a lot before that.
    HOLDFAST_STATE_DIR=$folder/window QT_QPA_PLATFORM=offscreen "$program" "$folder/tree" &
    pid=$! seconds=0
    until [ -d "$folder/window/history" ] || [ $seconds = 600 ] || ! kill -0 $pid 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
    done
    kill -TERM $pid 2>/dev/null || true
    code=0
    wait $pid || code=$?
    [ $code = 0 ] && [ -d "$folder/window/history" ] || bad "the window did not come up, or did not close as it should (exit $code)"
    echo "A window was opened off screen, and closed."
fi
