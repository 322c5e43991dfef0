# What is endless, deep or multiplies is refused with one line, and memory stays flat, whoever says it.
cat >try.py <<'P'
import re, resource, subprocess, sys
run = subprocess.run(["tow-entries", *sys.argv[1:], "--only", "gap", "--columns", "error.kind"], capture_output=True, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(" ".join(sys.argv[1:]), "exit", run.returncode, "flat" if peak < 250 else f"{peak} MiB", run.stdout.strip())
print("  " + re.sub(r"\n", "\n  ", run.stderr.strip()))
P
try() { python3 try.py "$@"; }
printf 'entries:\n  A: {backend: local, pilot: {memory: 1 GiB}, allocation: {account: a, charge_factor: 0}}\n' >e.yaml
n=0; for start in '{"a": "' '<?xml version="1.0"?><Downtimes>' 'a: "' '[{"Name": "'; do printf '%s' "$start" >"big$((n += 1))"; truncate -s 1G "big$n"; done; truncate -s 200M big4
for format in apf cric gwms harvester hepcloud osg tardis; do try import $format big1; done
try big3
try e.yaml --downtimes big2
try e.yaml --prices big1
try e.yaml --allocations big1
FAKE_CONDOR_STATUS=big4 try condor
mkdir slurm; : >slurm/partitions.txt; : >slurm/reservations.txt; FAKE_SLURM=slurm FAKE_SINFO=big4 try slurm
echo '--- what multiplies, and what is deep'
printf '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><results>&b;</results>' >bomb.xml; try e.yaml --downtimes bomb.xml
python3 -c 'print("<results>" + "<a>" * 100000)' >deep.xml; try e.yaml --downtimes deep.xml
python3 -c 'print("[" * 100000)' >deep.json; try e.yaml --prices deep.json; try e.yaml --allocations deep.json; FAKE_CONDOR_STATUS=deep.json try condor
python3 -c 'print("a0: &a0 [x]"); [print(f"a{i}: &a{i} [" + ", ".join([f"*a{i-1}"] * 9) + "]") for i in range(1, 12)]' >bomb.yaml; try bomb.yaml; try e.yaml --downtimes bomb.yaml
python3 -c 'print("a: " + "[" * 100000)' >deep.yaml; try deep.yaml
