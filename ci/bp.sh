#!/bin/sh
# bp in any CI system that has a shell, Git and Python 3.11 or newer: Jenkins, Buildkite, cron, a laptop.
#
#   ci/bp.sh change BASE [DIRECTORY]   fails for what the checked-out commit introduces over BASE (origin/main)
#   ci/bp.sh night [DIRECTORY]         judges everything and fails for what it finds
#
# Reports go to DIRECTORY (bp-reports). BP_PACKAGE says what pip installs where there is no `bp` yet.
# Exit codes are those of bp: 0 nothing found, 1 gaps, 2 the job could not be done, 3 a bug in bp.
set -eu

usage() {
  sed -n 's/^#   //p' "$0" >&2
  exit 2
}

case ${1:-} in
  change)
    [ $# -ge 2 ] || usage
    base=$2
    reports=${3:-bp-reports}
    ;;
  night) reports=${2:-bp-reports} ;;
  *) usage ;;
esac

if ! command -v bp > /dev/null 2>&1; then
  home=$(mktemp -d)
  trap 'rm -rf -- "$home"' EXIT
  python3 -I -m venv "$home"  # -I: no module is taken from the directory that is judged
  "$home/bin/pip" install --quiet --disable-pip-version-check "${BP_PACKAGE:-blueprint-cli}"
  PATH=$home/bin:$PATH
fi

mkdir -p -- "$reports"
set -- --format "junit=$reports/bp-junit.xml" --format "json=$reports/bp.json" --format text=-
if [ -n "${base:-}" ]; then
  bp diff "$@" -- "$base" HEAD
else
  bp scan --no-write "$@"
fi
