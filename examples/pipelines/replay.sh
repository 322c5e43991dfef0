#!/bin/bash
# A saved decision again, with other options for tow-plan; shows what they would have changed.
# usage: replay.sh FILE [OPTION ...]
set -euo pipefail
file=${1:?usage: replay.sh FILE [OPTION ...]}; shift
numbers() { tow-plan "$file" "$@" -o csv --columns entry,submit,remove; }
if diff <(numbers) <(numbers "$@"); then echo "no difference"; fi
