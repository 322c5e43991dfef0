#!/usr/bin/env python3
"""Entries as people write them, of an invented factory: YAML on standard output.

usage: generate_entries.py [--entries N]

ENTRIES entries (10,000 by default) with defaults, groups of groups, units, attributes and expressions, about 25 lines each. The
same arguments give the same bytes.
"""
import argparse
import random

HEAD = """# Written by generate_entries.py.
defaults:
  backend: condor
  limits: {max_pending: 50, max_held: 20}
  target:
    universe: grid
    argv: [/usr/libexec/factory/pilot.sh, --mode, production]
groups:
  ce:
    target: {grid_resource: condor ce.example.org ce.example.org:9619}
    ad: {HAS_SINGULARITY: true, GLIDEIN_Supported_VOs: "CMS,ATLAS,OSG"}
  fat:
    group: ce
    pilot: {cpus: 64, memory: 256 GiB, disk: 2 TiB}
    tags: [fat, grid]
  gpu:
    pilot: {gpus: 4}
entries:
"""

ENTRY = """  # {site}, queue {queue}
  {name}:
    group: [{group}]
    site: {site}
    set: {site}_ce{ce}
    tier: {tier}
    state: {state}
    tags: [{tag}, production]
    pilot:
      cpus: {cpus}
      memory: {memory} GiB
      disk: {disk}GB
      walltime: {walltime}h
    limits:
      max_pilots: {pilots}
      max_pending: {pending}
      max_submit: 20
    start: TARGET.RequestMemory <= {per_core} * TARGET.RequestCpus && TARGET.WantGPU =!= true
    ad:
      GLIDEIN_Country: {country}
      GLIDEIN_ResourceName: {site}-CE{ce}
      GLIDEIN_MaxMemMBs: {max_memory}
    ad_exprs: {{GLIDEIN_ToDie: "CurrentTime + {seconds}"}}
    cost: {{per_core_hour: {price}, currency: EUR, performance: {speed}}}
    target:
      attributes: {{xcount: {cpus}, maxMemory: {max_memory}, maxWallTime: {minutes}, queue: {queue}}}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10000)
    args = parser.parse_args()
    rng = random.Random(7)
    print(HEAD, end="")
    for i in range(args.entries):
        cpus, hours = rng.choice([1, 8, 8, 8, 16]), rng.choice([24, 48, 72])
        memory = cpus * rng.choice([2, 3, 4])
        site = f"T{rng.randint(1, 3)}_XX_Site{i // 4:04}"
        print(ENTRY.format(name=f"{site}_{i:05}", site=site, ce=i % 4 + 1, queue=rng.choice(["grid", "cms", "atlas"]),
                           group=rng.choice(["ce", "ce", "fat", "ce, gpu"]), tier=rng.randrange(3),
                           state=rng.choice(["in_service", "in_service", "in_service", "draining"]), tag=f"t{rng.randrange(8)}",
                           cpus=cpus, memory=memory, disk=cpus * 20, walltime=hours, pilots=rng.randint(10, 500),
                           pending=rng.randint(5, 50), per_core=memory * 1024 // cpus, country=rng.choice(["DE", "FR", "US"]),
                           max_memory=memory * 1024, seconds=hours * 3600, minutes=hours * 60,
                           price=rng.randint(1, 90) / 1000, speed=rng.randint(50, 150) / 100), end="")


if __name__ == "__main__":
    main()
