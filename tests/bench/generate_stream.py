#!/usr/bin/env python3
"""Entries and job groups of an invented experiment, as tow-why and tow-demand read them, to standard output.

usage: generate_stream.py GROUPS ENTRIES [--jobs N] [--unmatched PERCENT]

GROUPS job groups share N idle jobs (a million by default). That many percent of the groups are given something that no
entry has: a misspelt attribute, a site, an operating system, a memory. The same arguments give the same bytes.
"""
import argparse
import json
import random

SITES = [f"T2_{c}_{s}" for c in ("CH", "DE", "ES", "FR", "IT", "NL", "PL", "PT", "UK", "US")
         for s in ("Alpha", "Beta", "Delta", "Eps", "Gamma")]
REQUIREMENTS = ('(TARGET.Arch == "X86_64") && (TARGET.OpSys == "LINUX") && (TARGET.Disk >= RequestDisk) && '
                '(TARGET.Memory >= RequestMemory) && (TARGET.Cpus >= RequestCpus) && '
                'stringListMember(GLIDEIN_Site,DESIRED_Sites) && (REQUIRED_OS == "any" || TARGET.OS == REQUIRED_OS)')


def entry(rng, number):
    cpus = rng.choice([1, 4, 8, 8, 16, 32, 64])
    memory = cpus * rng.choice([1500, 2000, 2500, 3000, 4000])
    start = rng.choice([
        "", "TARGET.RequestMemory <= MY.GLIDEIN_MaxMem",
        'TARGET.AccountingGroup =!= "tier0" && TARGET.RequestMemory <= MY.GLIDEIN_MaxMem',
        'TARGET.ProjectName =?= "cms" && (TARGET.DESIRED_Sites is undefined || '
        'stringListMember(MY.GLIDEIN_Site, TARGET.DESIRED_Sites))',
        f'stringListIMember("{rng.choice(SITES)}", TARGET.DESIRED_Sites) && TARGET.MaxWallTimeMins < 3000'])
    return {"type": "entry", "v": 1, "entry": f"E{number}", "backend": "local",
            "state": "in_service" if rng.random() < .95 else "draining",
            "pilot": {"cpus": cpus, "memory_bytes": memory << 20, "disk_bytes": cpus * 20 << 30,
                      "walltime_seconds": rng.choice([12, 24, 48, 72]) * 3600, "nodes": 1},
            "ad": {"Arch": "X86_64" if rng.random() < .9 else "AARCH64", "OpSys": "LINUX", "GLIDEIN_Site": rng.choice(SITES),
                   "OS": rng.choice(["rhel8", "rhel9"]), "HasSingularity": rng.random() < .8, "GLIDEIN_MaxMem": memory,
                   "GLIDEIN_Entry_Name": f"E{number}"}, "start": start}


def spoil(rng, ad):
    """Something that no entry has; returns more requirements."""
    kind = rng.randint(0, 3)
    if kind == 0:
        return " && TARGET.HasSingularty"
    ad.update([{}, {"DESIRED_Sites": "T3_Nowhere"}, {"REQUIRED_OS": "rhel7"},
               {"RequestMemory": ad["RequestMemory"] * 1000}][kind])
    return ""


def group(rng, number, args):
    ad = {"RequestCpus": rng.choice([1, 1, 1, 2, 4, 8, 16]),
          "RequestMemory": rng.choice([1000, 2000, 2500, 4000, 8000, 16000]) + (rng.randint(0, 400) if rng.random() < .3 else 0),
          "RequestDisk": rng.randint(1, 20) * 1000000, "AccountingGroup": rng.choice(["analysis", "production", "tier0"]),
          "ProjectName": rng.choice(["cms", "atlas"]), "DESIRED_Sites": ",".join(sorted(rng.sample(SITES, rng.randint(1, 12)))),
          "REQUIRED_OS": rng.choice(["rhel8", "rhel9", "any"]), "MaxWallTimeMins": rng.choice([60, 480, 1440, 2880])}
    requirements = REQUIREMENTS
    if rng.random() * 100 < args.unmatched:
        requirements += spoil(rng, ad)
    if rng.random() < .3:
        requirements += f' && TARGET.HasSingularity && (TARGET.GLIDEIN_Entry_Name =!= "E{rng.randint(0, args.entries)}")'
    return {"type": "job_group", "v": 1, "id": f"g{number}", "source": "bench", "idle_jobs": args.jobs // args.groups,
            "request": {"cpus": ad["RequestCpus"], "memory_bytes": ad["RequestMemory"] << 20,
                        "disk_bytes": ad["RequestDisk"] << 10, "walltime_seconds": ad["MaxWallTimeMins"] * 60},
            "requirements": requirements, "ad": ad}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", type=int)
    parser.add_argument("entries", type=int)
    parser.add_argument("--jobs", type=int, default=1000000)
    parser.add_argument("--unmatched", type=int, default=10)
    args = parser.parse_args()
    rng = random.Random(7)
    for number in range(args.entries):
        print(json.dumps(entry(rng, number)))
    for number in range(args.groups):
        print(json.dumps(group(rng, number, args)))


if __name__ == "__main__":
    main()
