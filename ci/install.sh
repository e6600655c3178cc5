#!/usr/bin/env bash
# Installs bp into an environment of its own, so that it meets none of the packages that the job installs.
set -euo pipefail
home=${RUNNER_TEMP:-$(mktemp -d)}/bp
source=${BP_ACTION_PATH:?}
if [ -n "${BP_INSTALL_VERSION:-}" ]; then
  case $BP_INSTALL_VERSION in
    *[!0-9A-Za-z.+!]* | [!0-9]*)
      echo "::error title=bp::the input \`version\` is not a version number, such as 0.1.0"
      exit 2
      ;;
  esac
  source=blueprint-cli==$BP_INSTALL_VERSION
fi
# -I: the directory is that of the change, in which a stranger may have put a `venv.py` or a `pip.py`
python -I -m venv "$home"
"$home/bin/python" -I -m pip install --quiet --disable-pip-version-check "$source"
"$home/bin/bp" --version
echo "$home/bin" >> "${GITHUB_PATH:?}"
