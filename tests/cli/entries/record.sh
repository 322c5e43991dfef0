cat >entries.yaml <<'Y'
defaults:
  backend: local
  pilot: {cpus: 8, memory: 16 GiB, disk: 100 GiB, walltime: 2d}
  ad: {Owner: grid, Arch: aarch64, OpSys: ~}
entries:
  T2_XX_A:
    site: XX
    set: cluster1
    tier: 2
    pilot: {gpus: 1, nodes: 2}
    limits: {max_pilots: 100, max_pending: 10, max_held: 5, max_submit: 20, max_remove: 3}
    ad_exprs: {Slow: Cpus < 4}
    start: TARGET.RequestCpus >= 2
    cost: {per_core_hour: 0.01, currency: EUR, performance: 1.2}
    downtime: [{from: 2026-11-21T11:00:00Z, until: 2026-11-21T13:00:00Z, reason: power}]
    target: {argv: [/bin/true, "a b"], environment: {X: "1"}}
Y
tow-entries entries.yaml | jq .
