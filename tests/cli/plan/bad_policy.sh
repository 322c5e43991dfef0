# One line each, with the place and what to do, exit 78.
printf '%s\n' '{"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":1,"memory_bytes":1000}}' >in
try() { printf '%s\n' "$@" >policy.yaml; tow-plan -p policy.yaml in; echo "exit $?"; }
try 'cap: []'
try 'caps:' '  - {entries: A, max_pilots: -1}'
try 'caps:' '  - {entries: A, max_pilot: 1}'
try 'caps:' '  - {entries: A}'
try 'caps:' '  - {entries: B, max_pilots: 1}'
try 'caps:' '  - {max_pilots: 1, budget: [{per: year, pilots: 1}]}'
try 'caps:' '  - {budget: [{per: day, pilots: 1, cost: 2}]}'
try 'shape:' '  - steps:' '    - max_pending: 5' '    - min_pending: 2'
try 'shape:' '  - steps:' '    - min_pending: 5' '    - max_pending: 2'
try 'shape:' '  - steps:' '    - {scale: 2, ramp: {}}'
try 'shape:' '  - steps:' '    - ramp: {fraction: 2}'
try 'remove: [{what: all}]'
try 'remove: [{what: some}]'
try 'spill:' '  - stages: [{entries: A}]'
try 'spill:' '  - stages: [{entries: A}, {entries: "*"}]'
try 'prefer: {merit: cheapest}'
try 'downtime: [{ahead: hope}]'
try 'caps: [{where: "Cpus >", max_pilots: 1}]'
rm policy.yaml; tow-plan -p policy.yaml in; echo "exit $?"
