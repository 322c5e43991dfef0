#!/bin/sh
# tow-pilot: what is sent to a resource and, once there, joins a pool of HTCondor and pulls jobs. tow-pilot(1).
# usage: tow-pilot [CONFIGURATION]
#
# One file for any worker node: POSIX sh, and what every Linux has. It is made of tools/pilot/*.sh; all but the
# last line of the last part are functions. A function answers in a variable of its own name: a process for
# every answer would take longer than all that is looked at.
#
# Here: words for time and JSON, and the lines that tell what happens.
#
# Functions are called by name (SC2317), a list of conditions is often meant as it stands (SC2015), dash and
# busybox know -nt as well (SC3013), /proc has no blanks in its names (SC2013).
# shellcheck disable=SC2317,SC2015,SC3013,SC2013

tow_pilot_version='@PROJECT_VERSION@'
newline='
'

# clock: hundredths of a second that no change of the date moves.
set_clock() {
  if read -r clock _ 2>/dev/null </proc/uptime; then clock=${clock%.*}${clock#*.}; else clock=$(date +%s)00; fi
}

# seconds: a number with two decimals, of so many hundredths.
set_seconds() {
  seconds=$(($1 % 100))
  [ $seconds -gt 9 ] || seconds=0$seconds
  seconds=$(($1 / 100)).$seconds
}

since() { set_clock; set_seconds $((clock - $1)); }

# json: the text as a JSON string. Control characters and bytes that are no UTF-8 are of no use to anyone.
set_json() {
  case $1 in
    *[!A-Za-z0-9\ _.,:\;/@=+%~\(\)\<\>\&\|\[\]\{\}!?*#\$\'^\`-]*)
      json=\"$(printf %s "$1" | tr '\000-\037\177' ' ' | iconv -c -f UTF-8 -t UTF-8 2>/dev/null |
        sed 's/\\/\\\\/g; s/"/\\"/g')\"
      [ "$json" != '""' ] || json=\"$(printf %s "$1" | tr -cd ' !#-[]-~')\" ;;  # no iconv here
    *) json=\"$1\" ;;
  esac
}

# fields: ,"name":"value" behind what is there already; nothing for an empty value, which is unknown.
add_text() { [ -z "$2" ] || { set_json "$2"; fields="$fields,\"$1\":$json"; }; }
add() { [ -z "$2" ] || fields="$fields,\"$1\":$2"; }

# number: the text if it is a whole number that a shell can count with, without leading zeros; else nothing.
set_number() {
  number=$1
  case $number in
    ''|*[!0-9]*|?????????????????*) number= ;;
    *) while :; do case $number in 0?*) number=${number#0} ;; *) break ;; esac; done ;;
  esac
}

# date_text: an RFC 3339 time, of now or of so many seconds since 1970.
set_date() { date_text=$(date -u ${1:+-d "@$1"} +%Y-%m-%dT%H:%M:%SZ); }

# What every line begins with: of which pilot, on which node. Lines of several nodes may share a file.
set_head() {
  set_date
  head="\"v\":1,\"pilot\":$head_pilot,\"entry\":$head_entry,\"node\":$head_node,\"rank\":$rank,\"time\":\"$date_text\""
}

tell() { # TYPE FIELDS: one line, in one write
  set_head
  printf '%s\n' "{\"type\":\"pilot_$1\",$head$2}"
}

# The phases. What a pilot does is in one of them at any time; each is told when it begins and when it ends.
begin_phase() {
  phase=$1; set_clock; phase_clock=$clock
  tell phase ",\"phase\":\"$phase\",\"state\":\"begin\""
}

end_phase() { # ok|failed [MESSAGE]
  [ -n "$phase_clock" ] || return 0
  since "$phase_clock"; phase_clock=
  phases="$phases${phases:+,}\"$phase\":$seconds"
  fields=; add_text message "${2:-}"
  tell phase ",\"phase\":\"$phase\",\"state\":\"$1\",\"seconds\":$seconds$fields"
}

# Runs a command that may hang for so many seconds at most. In the background: a signal for the pilot is
# answered at once, not when the command has ended.
bounded() { # SECONDS COMMAND...
  timeout -k 2 "$@" & wait $!
}
