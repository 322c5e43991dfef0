# Sourced by the service scripts. Each is called NAME start|stop DIR ..., keeps all its state below DIR,
# listens on 127.0.0.1 only, and is stopped by DIR/NAME.pid. shellcheck shell=bash
#
# A pid file alone is not believed: after a crash its number may be somebody else's. A process is ours if
# its command line or its environment names our DIR. PID 1 of a container may leave zombies, and those
# answer to kill -0: they have neither.
: "${dir:?is set by who sources this}"
ours() { # PID WORD
  [ -n "$1" ] && { grep -qsF -- "$2" "/proc/$1/cmdline" || grep -qsF -- "$2" "/proc/$1/environ"; }
}
alive() { ours "$(cat "$dir/$1.pid" 2>/dev/null)" "$dir/"; }  # NAME
end() { # NAME SIGNAL: that signal, then KILL after 10 s
  local pid; pid=$(cat "$dir/$1.pid" 2>/dev/null) || return 0
  if alive "$1"; then
    kill "-$2" "$pid" 2>/dev/null || :
    for _ in $(seq 100); do alive "$1" || break; sleep 0.1; done
    ! alive "$1" || kill -KILL "$pid" 2>/dev/null || :
  fi
  rm -f "$dir/$1.pid"
}
end_rest() { # WORD NAME-PATTERN [WORD]: kills what has the words in its environment and is so named
  local process name
  for process in /proc/[0-9]*; do
    name=$(cat "$process/comm" 2>/dev/null) || continue
    # shellcheck disable=SC2254 # a pattern on purpose
    case $name in $2) ;; *) continue ;; esac
    if grep -qsF -- "$1" "$process/environ" && grep -qsF -- "${3:-$1}" "$process/environ"; then
      kill -KILL "${process#/proc/}" 2>/dev/null || :
    fi
  done
}
