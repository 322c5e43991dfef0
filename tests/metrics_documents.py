#!/usr/bin/env python3
"""The documents of tow-metrics agree with what it does. usage: metrics_documents.py BIN_DIR

Every metric of the built-in mapping is in the table of man/tow-metrics.5 with its labels, and the table has no other;
the rules of examples/prometheus use only such metrics, and promtool, where it is installed, finds them right.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
RULES = ROOT / "examples/prometheus/aerotow-rules.yaml"
OWN = {"tow_metrics_delivered_timestamp_seconds", "tow_metrics_spooled_bytes", "tow_metrics_dropped_total"}
problems = []


def mapping(binary):
    """name -> labels, of the YAML that the tool prints: its layout is ours."""
    metrics = {}
    for line in subprocess.run([binary, "--print-mapping"], check=True, capture_output=True, text=True).stdout.splitlines():
        if re.match(r"[a-z]", line):
            name = line.rstrip(":")
            metrics[name] = set()
        labels = re.search(r"labels: \{(.*?)\}", line)
        if labels:
            metrics[name] |= {part.split(":")[0].strip() for part in labels[1].split(",")}
        by = re.search(r"\bby: ([a-z]+)", line)
        if by:
            metrics[name].add(by[1])
    return metrics


def table():
    text = (ROOT / "man/tow-metrics.5").read_text().split(".Sh METRICS")[1].split(".Sh MAPPING")[0]
    return {name: set(labels.split(", ")) if labels else set()
            for name, labels in re.findall(r"^\.It Li (tow_\w+)(?: Pq (.*))?$", text, re.M)}


def main():
    known = mapping(pathlib.Path(sys.argv[1]) / "tow-metrics")
    documented = table()
    for name in sorted(set(known) ^ (set(documented) - OWN)):
        problems.append(f"{name}: only in the mapping, or only in man/tow-metrics.5")
    for name in set(known) & set(documented):
        if known[name] != documented[name]:
            problems.append(f"{name}: labels {sorted(known[name])}, in man/tow-metrics.5 {sorted(documented[name])}")
    for name in set(re.findall(r"\btow_\w+", RULES.read_text())):
        if re.sub(r"_(bucket|sum|count)$", "", name) not in documented and name not in documented:
            problems.append(f"{RULES.name}: {name} is no metric of aerotow")
    if shutil.which("promtool"):
        for arguments in (["check", "rules", RULES], ["test", "rules", RULES.with_name("aerotow-rules-test.yaml")]):
            result = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)
            if result.returncode != 0:
                problems.append(result.stdout + result.stderr)
    else:
        print("SKIPPED: promtool is not installed")
    print("\n".join(problems) or f"{len(known)} metrics, their table and the rules agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
