#!/usr/bin/env bash
# What the GitHub action runs: a comparison on a pull request, a full scan on every other event.
# Its inputs come as BP_INPUT_… variables and are only ever passed on as whole arguments.
set -euo pipefail

fail() {
  echo "::error title=bp::$1"
  echo "exit-code=2" >> "$GITHUB_OUTPUT"
  exit 2
}

sarif=${BP_INPUT_SARIF_FILE:-bp.sarif}
case $sarif in
  *$'\n'*) fail "the input \`sarif-file\` must be one line" ;;
esac
options=(--format "sarif=$sarif" --format github=-)
folder=$(dirname -- "$sarif")
mkdir -p -- "$folder"
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

case ${GITHUB_EVENT_NAME:?} in
  pull_request | merge_group)
    mode=diff
    base=${BP_INPUT_BASE:-HEAD^1}
    # GitHub checks out the merge of the pull request into its target: the first parent is the target, and what
    # differs from it is what the pull request does.
    if [ -z "${BP_INPUT_BASE:-}" ] && ! git rev-parse --quiet --verify --end-of-options 'HEAD^2^{commit}' > /dev/null; then
      fail "bp needs the merge commit of the pull request and both its parents: set \`fetch-depth: 2\` (or 0) on actions/checkout, and leave its \`ref\` out"
    fi
    command=(diff "${options[@]}" -- "$base" HEAD)
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
} >> "$GITHUB_OUTPUT"
exit "$code"
