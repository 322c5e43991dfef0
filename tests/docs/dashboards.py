#!/usr/bin/env python3
"""The Grafana dashboards ask for metrics and labels that tow-metrics(5) has, and Grafana can lay them out.

usage: dashboards.py REPOSITORY
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()
OWN_LABELS = {"le"}  # what Prometheus adds to a histogram
problems = []


def metrics_of(page):
    """name -> labels, from the list of tow-metrics(5): .It Li NAME Pq label, label"""
    known = {}
    for match in re.finditer(r"^\.It Li (tow_[a-z0-9_]+)(?: Pq ([a-z_, ]+))?$", page.read_text(), re.M):
        known[match[1]] = {label.strip() for label in (match[2] or "").split(",") if label.strip()}
    return known


def check_expression(where, expression, known):
    for match in re.finditer(r"\b(tow_[a-z0-9_]+)(?:\{([^}]*)\})?", expression):
        name = match[1] if match[1] in known else re.sub(r"_(bucket|sum|count)$", "", match[1])
        if name not in known:
            problems.append(f"{where}: no metric {match[1]}")
            continue
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", match[2] or ""):
            if label not in known[name] | OWN_LABELS:
                problems.append(f"{where}: {name} has no label {label}")
    used = set().union(*(known.get(re.sub(r"_bucket$", "", name), set()) for name in re.findall(r"\btow_[a-z0-9_]+", expression)))
    for match in re.finditer(r"\bby \(([^)]*)\)", expression):
        for label in re.split(r",\s*", match[1]):
            if label not in used | OWN_LABELS:
                problems.append(f"{where}: by ({label}): none of its metrics has it")


def check_syntax(expressions):
    """promtool parses them as rules would be, if it is there."""
    if not shutil.which("promtool"):
        return
    rules = {"groups": [{"name": "g", "rules": [{"record": f"r:{n}", "expr": e} for n, e in enumerate(expressions)]}]}
    result = subprocess.run(["promtool", "check", "rules", "/dev/stdin"], input=json.dumps(rules), capture_output=True, text=True, check=False)
    if result.returncode != 0:
        problems.append((result.stdout + result.stderr).strip())


def check_dashboard(path, known):
    board = json.loads(path.read_text())
    if board["uid"] != path.stem:
        problems.append(f"{path.name}: uid {board['uid']}")
    ids = [panel["id"] for panel in board["panels"]]
    if len(set(ids)) != len(ids):
        problems.append(f"{path.name}: two panels with one id")
    taken, expressions = set(), []
    variables = {variable["name"] for variable in board["templating"]["list"]}
    for panel in board["panels"]:
        where = f"{path.name}: {panel['title']}"
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        if cells & taken or place["x"] + place["w"] > 24:
            problems.append(f"{where}: has no place")
        taken |= cells
        for target in panel["targets"]:
            check_expression(where, target["expr"], known)
            expressions.append(target["expr"])
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            check_expression(f"{path.name}: ${variable['name']}", variable["definition"], known)
    for name in re.findall(r"\$\{?(\w+)", path.read_text()):
        if name not in variables:
            problems.append(f"{path.name}: no variable {name}")
    check_syntax(expressions)
    return len(expressions)


def main():
    page = ROOT / "man/tow-metrics.5"
    boards = sorted((ROOT / "examples/grafana").glob("*.json"))
    if not page.exists():
        print("SKIPPED: no man/tow-metrics.5")
        return 77
    known = metrics_of(page)
    count = sum(check_dashboard(path, known) for path in boards)
    for problem in problems:
        print(problem)
    print(f"{len(boards)} dashboards, {count} expressions, {len(known)} metrics, {len(problems)} problems")
    return 1 if problems or not boards or not known else 0


if __name__ == "__main__":
    sys.exit(main())
