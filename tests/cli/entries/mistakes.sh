# One line each: file, line, key, what was expected, and what was probably meant.
try() { printf "%b" "$1" >e.yaml; tow-entries e.yaml --only none; echo "exit $?"; }
base='entries:\n  A:\n    backend: local\n    pilot: {memory: 1 GiB}\n'
try "${base}    limit: {}\n"
try "${base}    limits: {max_pilot: 5}\n"
try "${base}    limits: {max_pilots: -5}\n"
try "${base}    limits: {max_pilots: many}\n"
try "${base}    start: TARGET.Cpus >\n"
try "${base}    state: asleep\n"
try "${base}    tier: 1\n    tier: 2\n"
try "${base}    downtime: [{from: 2026-11-21T11:00:00Z, until: yesterday}]\n"
try "${base}    downtime: [{from: 2026-11-21T11:00:00Z, until: 2026-11-21T10:00:00Z}]\n"
try "${base}    cost: {per_core_hour: -1, currency: EUR}\n"
try 'entries:\n  A:\n    backend: local\n    pilot: {memory: 16G}\n'
try 'entries:\n  A:\n    backend: local\n'
try 'entries:\n  A:\n    pilot: {memory: 1 GiB}\n'
try 'entries: [A]\n'
try 'entrys: {}\n'
try 'entries: {A: [\n'
