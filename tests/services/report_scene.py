#!/usr/bin/env python3
"""What tow-report reads, of an invented experiment: DIR/decision.jsonl, and a day of decisions before it in DIR/past/.

usage: report_scene.py DIR [--entries N] [--hostile]

One decision per half hour; in each, entries with pilots, jobs, a ledger, checks and pipelines, and some trouble. --hostile
gives one of each named thing the text HOSTILE. The same arguments give the same bytes.
"""
import argparse
import datetime
import json
import math
import pathlib
import random

NOW = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.timezone.utc)
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\n\u202egnp.exe\u2066 ]]>--><!-- \u00e9\u6f22"
SITES = ["CH_CERN", "DE_DESY", "DE_KIT", "ES_PIC", "FR_CCIN2P3", "IT_CNAF", "NL_NIKHEF", "UK_RAL", "US_FNAL", "US_NERSC"]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(time, number):
    value = (int(time.timestamp() * 1000) << 80) | number
    return "".join(CROCKFORD[value >> (5 * i) & 31] for i in reversed(range(26)))


def at(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def name_of(number):
    site = SITES[number % len(SITES)]
    return f"{site}_{'CLOUD' if number % 7 == 3 else 'GRID'}_{number:02}"


def entry_records(rng, number, time):
    hours = (time - NOW).total_seconds() / 3600
    wave = 1 + .5 * math.sin(hours / 24 * 2 * math.pi + number)
    name, cores = name_of(number), rng.choice([8, 8, 16])
    running, pending = int(wave * rng.randint(8, 60)), int(wave * rng.randint(0, 12))
    state = {4: "draining", 9: "disabled"}.get(number, "in_service")
    held = 3 if number == 2 else 0
    cloud = "CLOUD" in name
    yield {"type": "entry", "v": 1, "entry": name, "backend": "condor", "state": state, "site": SITES[number % len(SITES)],
           "tags": ["cloud" if cloud else "grid"], "pilot": {"cpus": cores, "memory_bytes": cores << 31, "walltime_seconds": 172800},
           "limits": {"max_pilots": 100}, **({"cost": {"per_core_hour": .04, "currency": "EUR"}} if cloud else {})}
    yield {"type": "pilot_count", "v": 1, "entry": name, "pending": pending, "running": running, "held": held, "removing": 0,
           "connected": running - (5 if number == 6 else 0), "busy_cores": running * cores * 9 // 10, "idle_cores": running * cores // 10,
           "oldest_pending_seconds": 10800 if number == 5 else 600, "observed_at": at(time)}
    yield {"type": "demand", "v": 1, "entry": name, "jobs_matching": 40 * number + 100, "jobs_only_here": 3, "jobs_share": 20 + number,
           "cores_share": 8.0 * number, "pilots_share": number, "running_matching": running * 8}
    yield {"type": "usage", "v": 1, "entry": name, **({"currency": "EUR"} if cloud else {}),
           "days": [{"day": at(NOW.replace(hour=0) - datetime.timedelta(days=d)), "pilots": 10, "core_seconds": 3600 * cores * 100 * (1 + number % 3),
                     "cost": 4.0 * cores * (1 + number % 3) if cloud else 0.0} for d in range(20, -1, -1)],
           "committed": {"pilots": pending, "core_seconds": 86400 * cores, "cost": 30.0 if cloud else 0.0}}
    plan = ulid(time, 1)
    sent = 0 if state != "in_service" or number == 7 else rng.randint(0, 8)
    yield {"type": "memory", "v": 1, "plan": plan, "entry": name, "pending": pending, "running": running,
           **({"breaker": "open", "breaker_since": at(time)} if number == 7 else {})}
    yield {"type": "request", "v": 1, "request": ulid(time, 100 + number), "plan": plan, "entry": name, "submit": sent, "remove": 0, "remove_what": "none",
           "because": [{"step": "matching", "value": 40 * number + 100, "why": "idle jobs that could run here"},
                       {"step": "headroom", "value": max(0, 100 - running - pending), "why": "max_pilots 100"},
                       {"step": "assign", "value": sent + 4, "why": "part of the best assignment"},
                       {"step": "ramp", "value": sent, "why": f"{sent} per decision" if sent else f"the entry is {state}"}]}


def pilot_records(rng, args, time):
    for number in range(40 if args.entries < 1000 else 400):
        ended = time - datetime.timedelta(minutes=rng.randint(1, 300))
        started = ended - datetime.timedelta(minutes=rng.randint(2, 900))
        kind = rng.choice([("done", 0, None)] * 6 + [("failed", 71, "the worker could not reach its collector"), ("failed", 1, "CVMFS is not mounted"),
                                                     ("lost", None, "gone from the batch system")])
        yield {"type": "pilot", "v": 1, "pilot": ulid(time, 10000 + number), "entry": name_of(7 if kind[0] != "done" else number % args.entries),
               "state": kind[0], **({"exit_code": kind[1]} if kind[1] is not None else {}), **({"reason": kind[2]} if kind[2] else {}),
               "submitted_at": at(started - datetime.timedelta(minutes=rng.randint(1, 60))), "started_at": at(started), "ended_at": at(ended),
               "observed_at": at(time)}


def surroundings(time, args):
    turn = (time - NOW).total_seconds() / 86400 * 2 * math.pi
    yield {"type": "job_group", "v": 1, "id": "g1", "source": "condor:schedd1", "idle_jobs": int(5200 * (1 + .4 * math.sin(turn))),
           "running_jobs": int(8100 * (1 + .1 * math.sin(2 * turn))), "held_jobs": 41,
           "request": {"cpus": 1, "memory_bytes": 2 << 30}, "users": ["ann", "bob"], "observed_at": at(time)}
    for number, (cpus, idle, entries) in enumerate([(8, 2400, [name_of(n) for n in range(0, args.entries, 2)]), (1, 2000, [name_of(1)]),
                                                    (4, 650, [name_of(n) for n in range(3)]), (64, 150, [])]):
        yield {"type": "job_class", "v": 1, "id": f"c{number}", "entries": sorted(entries), "idle_jobs": idle, "running_jobs": idle // 2,
               "idle_by_age": [{"min_age_seconds": 600, "jobs": idle // 2}, {"min_age_seconds": 3600, "jobs": idle // 4}],
               "request": {"cpus": cpus, "memory_bytes": cpus << 31, "walltime_seconds": 86400}, "groups": ["g1"], "observed_at": at(time)}
    yield {"type": "check", "v": 1, "check": "cvmfs.repository", "target": "atlas.cern.ch", "state": "critical", "reason": "whitelist_expired",
           "message": "the whitelist expired 2h ago", "advice": "ask the stratum 0 to sign a new one", "since_at": at(time - datetime.timedelta(hours=2))}
    for repo in ("cms.cern.ch", "lhcb.cern.ch", "alice.cern.ch"):
        yield {"type": "check", "v": 1, "check": "cvmfs.repository", "target": repo, "state": "ok", "message": "revision 1042, 20m old"}
    yield {"type": "run", "v": 1, "name": "cycle", "state": "done", "exit_code": 0, "failures": 0, "stages": [], "seconds": 14.2,
           "started_at": at(time), "last_success_at": at(time)}
    yield {"type": "run", "v": 1, "name": "prices", "state": "timeout", "exit_code": 124, "failures": 4, "stages": [], "seconds": 600.0,
           "started_at": at(time - datetime.timedelta(hours=1)), "last_success_at": at(time - datetime.timedelta(hours=9))}
    yield {"type": "override", "v": 1, "override": ulid(time, 7), "entries": name_of(4), "values": {"state": "draining"}, "why": "ticket 1234: new switch",
           "author": "ann", "until": at(time + datetime.timedelta(hours=8))}
    yield {"type": "policy", "v": 1, "plan": ulid(time, 1), "file": "policy.yaml", "style": "own", "max_remove": 10, "remove": "none",
           "max_age_seconds": 900, "valid_for_seconds": 600,
           "yaml": "caps:\n  - {name: cloud, tag: cloud, budget: [{per: month, cost: 4000, currency: EUR}, {per: day, core_hours: 5000}]}\n"}


def hostile_records(time):
    shape = {"cpus": 1, "memory_bytes": 1 << 30}
    yield {"type": "gap", "v": 1, "scope": "entries", "source": HOSTILE, "error": {"kind": "timeout", "message": HOSTILE}, "observed_at": at(time)}
    yield {"type": "pilot_count", "v": 1, "entry": HOSTILE, "pending": 1, "running": 1, "held": 1, "removing": 0, "observed_at": at(time)}
    yield {"type": "usage", "v": 1, "entry": HOSTILE, "currency": HOSTILE, "days": [{"day": at(NOW.replace(hour=0)), "pilots": 1, "core_seconds": 3600, "cost": 1.0}]}
    yield {"type": "request", "v": 1, "request": ulid(time, 9), "plan": ulid(time, 1), "entry": "E", "submit": 1, "remove": 0, "remove_what": "none",
           "because": [{"step": HOSTILE, "value": 1, "why": HOSTILE}]}
    yield {"type": "submission", "v": 1, "request": ulid(time, 9), "entry": HOSTILE, "asked": 1, "sent": 0, "pilots": [], "error": {"kind": "io", "message": HOSTILE}}
    yield {"type": "pilot", "v": 1, "pilot": ulid(time, 8), "entry": HOSTILE, "state": "failed", "exit_code": 1, "reason": HOSTILE, "ended_at": at(time), "observed_at": at(time)}
    yield {"type": "job_class", "v": 1, "id": HOSTILE, "entries": [HOSTILE], "group": HOSTILE, "idle_jobs": 9, "running_jobs": 0, "request": shape, "groups": []}
    yield {"type": "check", "v": 1, "check": HOSTILE, "target": HOSTILE, "server": HOSTILE, "state": "warning", "message": HOSTILE, "advice": HOSTILE}
    yield {"type": "check", "v": 1, "check": HOSTILE, "target": HOSTILE, "state": "ok", "message": HOSTILE}
    yield {"type": "run", "v": 1, "name": HOSTILE, "state": "failed", "exit_code": 1, "failures": 1, "stages": [], "started_at": at(time)}
    yield {"type": "override", "v": 1, "override": ulid(time, 6), "entries": HOSTILE, "values": {"max_pilots": 1}, "why": HOSTILE, "author": HOSTILE,
           "until": at(time + datetime.timedelta(hours=1))}
    yield {"type": "entry", "v": 1, "entry": "E", "backend": "local", "site": HOSTILE, "pilot": shape}
    yield {"type": "demand", "v": 1, "entry": "E", "jobs_matching": 1, "jobs_only_here": 0, "jobs_share": 1, "cores_share": 1.0, "running_matching": 0}


def write_decision(path, args, time):
    rng = random.Random(f"{args.entries} {time}")
    with open(path, "w", encoding="utf-8") as file:
        for number in range(args.entries):
            for record in entry_records(rng, number, time):
                print(json.dumps(record), file=file)
        for record in (*pilot_records(rng, args, time), *surroundings(time, args), *(hostile_records(time) if args.hostile else ())):
            print(json.dumps(record), file=file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--entries", type=int, default=24)
    parser.add_argument("--past", type=int, default=47, help="decisions before the last one")
    parser.add_argument("--hostile", action="store_true")
    args = parser.parse_args()
    (args.folder / "past").mkdir(parents=True, exist_ok=True)
    for number in range(args.past, 0, -1):
        time = NOW - datetime.timedelta(minutes=30 * number)
        write_decision(args.folder / "past" / f"{time:%d-%H%M}.jsonl", args, time)
    write_decision(args.folder / "decision.jsonl", args, NOW)


if __name__ == "__main__":
    main()
