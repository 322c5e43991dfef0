#!/usr/bin/env python3
"""Job ads of an invented experiment, as condor_q prints them, to standard output.

usage: generate_jobs.py JOBS [json|jsonl|long] [--templates N] [--unique]

30 attributes a job. Jobs are made from N templates (200 by default), a few of which hold most of them;
with --unique RequestDisk differs in every job. The same arguments give the same bytes.
"""
import argparse
import random
import sys

SITES = [f"T2_{c}_{s}" for c in ("CH", "DE", "ES", "FR", "IT", "UK", "US") for s in ("Alpha", "Beta", "Gamma")]
REQUIREMENTS = ('(TARGET.Arch == "X86_64") && (TARGET.OpSys == "LINUX") && (TARGET.Disk >= RequestDisk) && '
                '(TARGET.Memory >= RequestMemory) && (TARGET.Cpus >= RequestCpus) && stringListMember(GLIDEIN_Site,DESIRED_Sites)')


def template(rng):
    return {"cpus": rng.choice([1, 1, 1, 2, 4, 8]), "memory": rng.choice([1000, 2000, 2500, 4000, 16000]),
            "disk": rng.choice([10, 20, 50]) * 1000000, "sites": ",".join(sorted(rng.sample(SITES, rng.randint(1, 12)))),
            "os": rng.choice(["rhel8", "rhel9", "any"]), "owner": f"user{rng.randint(1, 60)}",
            "minutes": rng.choice([60, 480, 1440, 2880]), "group": rng.choice(["analysis", "production", "tier0"])}


def attributes(rng, templates, number, unique):
    """(name, value) pairs; a value is a string, a number, a boolean, or ("expr", text)."""
    t = templates[min(int(rng.expovariate(1.0) * len(templates) / 8), len(templates) - 1)]
    now = 1795262400
    status = rng.choices([1, 2, 5], [60, 35, 5])[0]
    entered = now - rng.randint(0, 100000)
    cluster, proc = 1000 + number // 50, number % 50
    return [
        ("AccountingGroup", f'{t["group"]}.{t["owner"]}'), ("Args", f"--seed {number} --events 5000 --output out_{number}.root"),
        ("BytesRecvd", round(rng.random() * 1e6, 1)), ("ClusterId", cluster), ("Cmd", f'/home/{t["owner"]}/work/run_{cluster}/job.sh'),
        ("DESIRED_Sites", t["sites"]), ("DiskUsage", rng.randint(1, 5000000)), ("EnteredCurrentStatus", entered),
        ("Environment", f'HOME=/home/{t["owner"]} SEED={number} CMSSW=CMSSW_14_0_{t["cpus"]}'), ("Err", f"log/{cluster}.{proc}.err"),
        ("GlobalJobId", f"schedd1.example.org#{cluster}.{proc}#{entered}"), ("ImageSize", rng.randint(1000, 4000000)),
        ("Iwd", f'/home/{t["owner"]}/work/run_{cluster}'), ("JobPrio", rng.choice([0, 5, 10])), ("JobStatus", status), ("JobUniverse", 5),
        ("MaxWallTimeMins", t["minutes"]), ("MyType", "Job"), ("Out", f"log/{cluster}.{proc}.out"), ("Owner", t["owner"]), ("ProcId", proc),
        ("QDate", entered - rng.randint(0, 5000)), ("REQUIRED_OS", t["os"]), ("RequestCpus", t["cpus"]),
        ("RequestDisk", t["disk"] + number if unique else t["disk"]), ("RequestMemory", t["memory"]), ("Requirements", ("expr", REQUIREMENTS)),
        ("ServerTime", now), ("User", f'{t["owner"]}@example.org'), ("WantRemoteIO", True)]


def json_value(value):
    if isinstance(value, tuple):
        text = value[1].replace("\\", "\\\\").replace('"', '\\"')
        return f'"\\/Expr({text})\\/"'
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def long_value(value):
    if isinstance(value, tuple):
        return value[1]
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("jobs", type=int)
    parser.add_argument("format", nargs="?", choices=["json", "jsonl", "long"], default="json")
    parser.add_argument("--templates", type=int, default=200)
    parser.add_argument("--unique", action="store_true")
    arguments = parser.parse_args()
    rng = random.Random(20261121)
    templates = [template(rng) for _ in range(arguments.templates)]
    out = sys.stdout
    for number in range(arguments.jobs):
        pairs = attributes(rng, templates, number, arguments.unique)
        if arguments.format == "long":
            out.write("".join(f"{name} = {long_value(value)}\n" for name, value in pairs) + "\n")
        elif arguments.format == "jsonl":
            out.write("{" + ", ".join(f'"{name}": {json_value(value)}' for name, value in pairs) + "}\n")
        else:
            out.write("[\n{\n" if number == 0 else ",\n{\n")
            out.write(",\n".join(f'  "{name}": {json_value(value)}' for name, value in pairs) + "\n}\n")
    if arguments.format == "json" and arguments.jobs > 0:
        out.write("]\n")


if __name__ == "__main__":
    main()
