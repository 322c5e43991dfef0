# Pilots of ours whose HTCondor nobody tells the version of; other pilots may well have it from elsewhere.
cat >e.yaml <<'X'
entries:
  NONE: {backend: slurm, pilot: {cpus: 1, memory: 1 GiB, walltime: 1h}, target: {pilot: {collector: cm.example.org}}}
  TOLD:
    {backend: slurm, pilot: {cpus: 1, memory: 1 GiB, walltime: 1h}, ad: {condorversion: "$CondorVersion: 25.12.0 $"}, target: {pilot: {collector: cm.example.org}}}
  OTHER: {backend: slurm, pilot: {cpus: 1, memory: 1 GiB, walltime: 1h}, target: {argv: [/bin/true]}}
X
tow-entries check e.yaml -o csv --columns entry,rule,key
