#!/usr/bin/env python3
"""What tow-plan reads, of an invented experiment: DIR/stream.jsonl and DIR/policy.yaml.

usage: generate_plan.py DIR [--classes N] [--entries N] [--choices N]

CLASSES job classes, each of which can run at CHOICES entries (5,000 and 200 by default) of ENTRIES (2,000): entries with
pilots, prices, a ledger of twenty days and a memory; a policy of 50 caps over sites, tags and prices. The same arguments
give the same bytes.
"""
import argparse
import json
import pathlib
import random

NOW = "2026-11-21T12:00:00Z"


def records(rng, args):
    for e in range(args.entries):
        name, cpus = f"E{e:04}", rng.choice([8, 8, 8, 64])
        yield {"type": "entry", "v": 1, "entry": name, "backend": "local", "site": f"S{e % 40:02}", "tags": [f"t{rng.randrange(8)}"],
               "pilot": {"cpus": cpus, "memory_bytes": cpus << 31, "walltime_seconds": 172800}, "tier": rng.randrange(5),
               "limits": {"max_pilots": rng.randint(10, 500), "max_pending": 100},
               "cost": {"per_core_hour": rng.randint(1, 90) / 1000, "currency": "USD", "performance": rng.randint(50, 150) / 100}}
        yield {"type": "pilot_count", "v": 1, "entry": name, "pending": rng.randrange(5), "running": rng.randrange(50),
               "observed_at": NOW}
        yield {"type": "usage", "v": 1, "entry": name, "currency": "USD",
               "days": [{"day": f"2026-11-{day:02}T00:00:00Z", "pilots": 5, "core_seconds": 691200 * cpus // 8, "cost": 3.5}
                        for day in range(1, 21)], "committed": {"pilots": 2, "core_seconds": 1000000, "cost": 5.5}}
        yield {"type": "memory", "v": 1, "plan": "01M7YYQ3R0RZ4S2RJZ2W4V1B0B", "entry": name, "pending": 3, "running": 20}
    for c in range(args.classes):
        cpus = rng.choice([1, 1, 1, 4, 8])
        yield {"type": "job_class", "v": 1, "id": f"c{c}", "entries": [f"E{e:04}" for e in rng.sample(range(args.entries), args.choices)],
               "idle_jobs": rng.randint(1, 400), "running_jobs": 0, "idle_by_age": [{"min_age_seconds": 600, "jobs": 1}],
               "request": {"cpus": cpus, "memory_bytes": cpus * 2000000000, "walltime_seconds": 86400}, "groups": [f"g{c}"],
               "observed_at": NOW}


def policy():
    sites = "".join(f"  - {{site: S{s:02}, max_pilots: {1400 + 20 * s}}}\n" for s in range(40))
    tags = "".join(f"  - {{tag: t{t}, max_cores: {60000 + 5000 * t}}}\n" for t in range(8))
    return (f"prefer: {{merit: hepcloud}}\ncaps:\n  - {{max_submit: 20000}}\n{sites}{tags}"
            "  - {tag: [t0, t1, t2], budget: [{per: month, cost: 60000, currency: USD}]}\n"
            "shape:\n  - {steps: [{ramp: {fraction: 0.5}}, {max_pending: 80}]}\nremove:\n  - {what: pending, after_looks: 2}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--classes", type=int, default=5000)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--choices", type=int, default=200)
    args = parser.parse_args()
    with open(args.folder / "stream.jsonl", "w") as stream:
        for record in records(random.Random(7), args):
            print(json.dumps(record, separators=(",", ":")), file=stream)
    (args.folder / "policy.yaml").write_text(policy())


if __name__ == "__main__":
    main()
