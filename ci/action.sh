#!/usr/bin/env bash
# What the GitHub action runs: a comparison on a pull request and in a merge queue, a full scan on every other event.
# Its inputs come as BP_INPUT_… variables and are only ever passed on as whole arguments.
set -euo pipefail
outputs=${GITHUB_OUTPUT:-/dev/null}
event=${GITHUB_EVENT_NAME:-}

fail() {
  echo "::error title=bp::$1"
  echo "exit-code=2" >> "$outputs"
  exit 2
}

commit() { # the commit that a revision names, or nothing
  git rev-parse --quiet --verify --end-of-options "$1^{commit}" || true
}

of_event() { # a value of the event by its keys, such as `pull_request head sha`, or nothing
  [ -f "${GITHUB_EVENT_PATH:-}" ] || return 0
  # -I: no module is taken from the directory that is judged
  python3 -I - "$GITHUB_EVENT_PATH" "$@" 2> /dev/null << 'PYTHON' || true
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    value = json.load(file)
for key in sys.argv[2:]:
    value = value.get(key) if isinstance(value, dict) else None
print(value if isinstance(value, str) else "")
PYTHON
}
trap 'fail "the action failed in line $LINENO"' ERR # else its exit code would be that of gaps

# That HEAD is a merge shows nothing: a branch into which its target was merged ends in one too, with the parents the
# other way round. GitHub's merge is the commit of the run (but for pull_request_target, whose run belongs to the target),
# the one that was fetched as refs/pull/N/merge, or has the parents that the event names.
is_merge_of_pull_request() {
  local head first second
  head=$(commit HEAD)
  first=$(commit 'HEAD^1')
  second=$(commit 'HEAD^2')
  [ -n "$second" ] || return 1
  if [ "$event" != pull_request_target ] && [ "$head" = "${GITHUB_SHA:-}" ]; then return 0; fi
  if [ -n "$(git for-each-ref --points-at "$head" --count=1 'refs/remotes/pull/*/merge')" ]; then return 0; fi
  [ "$first" = "$(of_event pull_request base sha)" ] && [ "$second" = "$(of_event pull_request head sha)" ]
}

sarif=${BP_INPUT_SARIF_FILE:-bp.sarif}
case $sarif in
  *$'\n'*) fail "the input \`sarif-file\` must be one line" ;;
esac
options=(--format "sarif=$sarif" --format github=-)
folder=$(dirname -- "$sarif")
mkdir -p -- "$folder" || fail "the directory of the input \`sarif-file\` cannot be made"
case $sarif in
  /*) ;;
  *) # a link that the change brings must not lead the file elsewhere
    case $(cd -- "$folder" && pwd -P)/ in
      "$(pwd -P)"/*) ;;
      *) fail "the input \`sarif-file\` leads out of the repository" ;;
    esac
    ;;
esac
if [ -n "${BP_INPUT_FAIL_ON:-}" ]; then options+=(--fail-on "$BP_INPUT_FAIL_ON"); fi
if [ -n "${BP_INPUT_AS_OF:-}" ]; then options+=(--as-of "$BP_INPUT_AS_OF"); fi
if [ -n "${BP_INPUT_POLICY_FROM:-}" ]; then options+=("--policy-from=$BP_INPUT_POLICY_FROM"); fi
while IFS= read -r line; do
  if [ -n "$line" ]; then options+=("$line"); fi
done <<< "${BP_INPUT_ARGS:-}"
paths=()
while IFS= read -r line; do
  if [ -n "$line" ]; then paths+=("$line"); fi
done <<< "${BP_INPUT_PATHS:-}"

base=${BP_INPUT_BASE:-}
case $event in
  "") fail "GITHUB_EVENT_NAME is not set: the action cannot tell what to judge" ;;
  pull_request_target)
    if [ "$(commit HEAD)" = "${GITHUB_SHA:-}" ] || { [ -z "$base" ] && ! is_merge_of_pull_request; }; then
      fail "on pull_request_target the target is checked out, not the change, so there is nothing to compare: run the workflow on \`pull_request\`"
    fi
    ;;
  pull_request*)
    if [ -z "$base" ] && ! is_merge_of_pull_request; then
      fail "bp needs the merge commit of the pull request and both its parents: set \`fetch-depth: 2\` (or 0) on actions/checkout, and leave its \`ref\` out"
    fi
    ;;
  merge_group)
    base=${base:-$(of_event merge_group base_sha)}
    [ -n "$base" ] || fail "the event names no \`merge_group.base_sha\`: bp does not know what to compare with"
    case $(commit HEAD) in
      "${GITHUB_SHA:-$(commit HEAD)}" | "$(of_event merge_group head_sha)") ;;
      *) fail "bp needs the commit of the merge queue: set \`fetch-depth: 0\` on actions/checkout, and leave its \`ref\` out" ;;
    esac
    ;;
esac
case $event in
  pull_request* | merge_group)
    mode=diff
    # The first parent of GitHub's merge is the target: what differs from it is what the pull request does.
    command=(diff "${options[@]}" -- "${base:-HEAD^1}" HEAD)
    ;;
  *)
    mode=scan
    command=(scan --no-write "${options[@]}" -- ${paths[@]+"${paths[@]}"})
    ;;
esac

rm -f -- "$sarif"
code=0
bp "${command[@]}" || code=$?
if [ "$code" -ge 2 ]; then echo "::error title=bp::bp could not do its job (exit code $code): its message stands above"; fi
{
  echo "mode=$mode"
  echo "exit-code=$code"
  if [ -f "$sarif" ]; then echo "sarif-file=$sarif"; fi
} >> "$outputs"
exit "$code"
