#!/usr/bin/env python3
"""Figures that anyone can repeat; nothing here passes or fails, except that the numbers must agree.

usage: tests/bench/run.py BIN_DIR [--jobs N] [--cycle N] [--runs N]        a release build, please

Whole processes, CPU time (user and system) and wall time, medians of several runs, and the ratio to jq
measured in turn with ours. The input lies in the page cache. Needs jq and GNU time (Debian: jq, time).
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
GROUP_BY = ["RequestCpus", "RequestMemory", "RequestDisk", "DESIRED_Sites", "REQUIRED_OS", "MaxWallTimeMins", "AccountingGroup"]
JQ = "group_by([" + ",".join(f".{name}" for name in GROUP_BY) + """])
  | map([.[0].RequestCpus, .[0].RequestMemory * 1048576, .[0].RequestDisk * 1024, .[0].DESIRED_Sites, .[0].REQUIRED_OS,
         .[0].MaxWallTimeMins * 60, .[0].AccountingGroup,
         (map(select(.JobStatus == 1)) | length), (map(select(.JobStatus == 2)) | length), (map(select(.JobStatus == 5)) | length)])
  | .[]"""


class Run:
    """One finished process."""

    def __init__(self, argv, output=subprocess.DEVNULL):
        begin = time.perf_counter()
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.perf_counter() - begin
        self.cpu = usage.ru_utime + usage.ru_stime
        if process.returncode != 0:
            sys.exit(f"{argv}: exit {process.returncode}")


def resident(argv):
    """MiB at most. What wait4() tells begins with the memory of this Python, so a smaller parent has to ask."""
    with tempfile.NamedTemporaryFile() as report:
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", report.name, *argv],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        return int(report.read()) / 1024


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def starting(binaries, runs):
    print("\nstarting and ending with --help: median wall ms, resident MiB")
    for path in binaries:
        measured = [Run([path, "--help"]) for _ in range(5 * runs)]
        print(f"  {path.name:14} {1000 * median(measured, 'wall'):6.1f} {resident([path, '--help']):6.1f}")


def same_numbers(tow, jq, folder):
    """Both print what they counted; the sets of rows must be equal."""
    ours, theirs = folder / "ours", folder / "theirs"
    with open(ours, "wb") as output:
        Run(tow, output)
    with open(theirs, "wb") as output:
        Run(jq, output)
    rows = []
    for line in ours.read_text().splitlines():
        group = json.loads(line)
        request, ad = group["request"], group["ad"]
        rows.append([request["cpus"], request["memory_bytes"], request["disk_bytes"], ad["DESIRED_Sites"], ad["REQUIRED_OS"],
                     request["walltime_seconds"], ad["AccountingGroup"],
                     group["idle_jobs"], group["running_jobs"], group["held_jobs"]])
    expected = [json.loads(line) for line in theirs.read_text().splitlines()]
    if sorted(rows) != sorted(expected):
        sys.exit("tow-jobs and jq do not agree")
    return len(rows)


def grouping(bin_dir, jobs, runs, folder):
    print(f"\ntow-jobs on {jobs} jobs of 30 attributes, against jq's group_by on the same file")
    for name in ("json", "jsonl", "long"):
        path = folder / f"jobs.{name}"
        with open(path, "wb") as output:
            subprocess.run([HERE / "generate_jobs.py", str(jobs), name], stdout=output, check=True)
        size = path.stat().st_size / 1e6
        tow = [bin_dir / "tow-jobs", "--config", "/dev/null", "--from", f"condor-{name}", "--observed-at", "now", path]
        ours = [Run(tow) for _ in range(runs + 1)][1:]
        cpu = median(ours, "cpu")
        print(f"  {name:6} {size:6.0f} MB  cpu {cpu:6.3f} s  {size / cpu:6.0f} MB/s  wall {median(ours, 'wall'):6.3f} s  "
              f"resident {resident(tow):5.1f} MiB")
        if name == "json":
            jq = ["jq", "-c", JQ, path]
            groups = same_numbers(tow, jq, folder)
            pairs = [(Run(jq), Run(tow)) for _ in range(max(1, runs // 2))]
            ratio = statistics.median(theirs.cpu / mine.cpu for theirs, mine in pairs)
            print(f"  {'jq':6} {size:6.0f} MB  cpu {median([p[0] for p in pairs], 'cpu'):6.3f} s; both find the same {groups} groups; "
                  f"ratio jq to tow-jobs, run by run: {ratio:.0f}")


def cycle(bin_dir, jobs, runs, folder):
    """The first half of a cycle, and the question why nothing comes: files in between, so that each is seen."""
    print(f"\n{jobs} jobs of 5,000 kinds, 2,000 entries: cpu s, wall s, resident MiB")
    queue, groups, stream, entries = (folder / name for name in ("queue", "groups", "stream", "entries"))
    with open(queue, "wb") as output:
        subprocess.run([HERE / "generate_jobs.py", str(jobs), "long", "--templates", "5000"], stdout=output, check=True)
    with open(stream, "wb") as output:
        subprocess.run([HERE / "generate_stream.py", "5000", "2000", "--jobs", str(jobs)], stdout=output, check=True)
    with open(entries, "w") as output:
        output.writelines(line for line in open(stream) if json.loads(line)["type"] == "entry")
    steps = {
        "tow-jobs": ["--config", "/dev/null", "--from", "condor-long", "--observed-at", "now", queue],
        "tow-demand": [entries, groups],
        "tow-why": ["--unmatched", "--only", "reason", stream],
    }
    for tool, arguments in steps.items():
        measured = []
        for _ in range(runs):
            with open(groups if tool == "tow-jobs" else os.devnull, "wb") as output:
                measured.append(Run([bin_dir / tool, *arguments], output))
        print(f"  {tool:14} {median(measured, 'cpu'):6.2f} {median(measured, 'wall'):6.2f} "
              f"{resident([bin_dir / tool, *arguments]):6.1f}")


def unique(bin_dir, jobs, runs, folder):
    """The worst case for grouping: each job is a group and a class of its own."""
    print(f"\n{jobs} jobs, no two alike, 300 entries: MB written, cpu s, wall s, resident MiB; then both in a pipe: wall s")
    queue, groups, entries = (folder / name for name in ("unique.long", "unique.groups", "unique.entries"))
    with open(queue, "wb") as output:
        subprocess.run([HERE / "generate_jobs.py", str(jobs), "long", "--unique"], stdout=output, check=True)
    stream = subprocess.run([HERE / "generate_stream.py", "1", "300"], stdout=subprocess.PIPE, check=True, text=True).stdout
    entries.write_text("".join(line for line in stream.splitlines(True) if json.loads(line)["type"] == "entry"))
    read = [bin_dir / "tow-jobs", "--config", "/dev/null", "--from", "condor-long", "--observed-at", "now", queue]
    match = [bin_dir / "tow-demand", groups, entries]
    for argv, path in ((read, groups), (match, folder / "unique.demand")):
        measured = []
        for _ in range(runs):
            with open(path, "wb") as output:
                measured.append(Run(argv, output))
        print(f"  {argv[0].name:14} {path.stat().st_size / 1e6:6.0f} {median(measured, 'cpu'):6.2f} {median(measured, 'wall'):6.2f} "
              f"{resident(argv):6.1f}")
    begin = time.perf_counter()
    pipe = subprocess.Popen(read, stdout=subprocess.PIPE)
    subprocess.run([bin_dir / "tow-demand", entries, "-"], stdin=pipe.stdout, stdout=subprocess.DEVNULL, check=True)
    pipe.stdout.close()
    if pipe.wait() != 0:
        sys.exit("tow-jobs failed")
    print(f"  {'in a pipe':14} {'':6} {'':6} {time.perf_counter() - begin:6.2f}")


def entries(bin_dir, runs, folder):
    """Entries as people write them, with defaults, groups and units: read, merged, checked and put into records."""
    print("\ntow-entries, 10,000 entries of YAML: MB read, cpu s, wall s, resident MiB")
    path = folder / "entries.yaml"
    with open(path, "wb") as output:
        subprocess.run([HERE / "generate_entries.py"], stdout=output, check=True)
    command = [bin_dir / "tow-entries", "--config", "/dev/null", path]
    measured = [Run(command) for _ in range(runs)]
    print(f"  {'tow-entries':14} {path.stat().st_size / 1e6:6.1f} {median(measured, 'cpu'):6.2f} {median(measured, 'wall'):6.2f} "
          f"{resident(command):6.1f}")


def planning(bin_dir, runs, folder):
    """A whole decision: 5,000 classes that can run at 200 entries each, 2,000 entries, 50 caps, a ledger."""
    print("\ntow-plan, 5,000 classes x 2,000 entries, 50 caps and a ledger: cpu s, wall s, resident MiB")
    subprocess.run([HERE / "generate_plan.py", folder], check=True)
    command = [bin_dir / "tow-plan", "--config", "/dev/null", "--at", "2026-11-21T12:00:00Z",
               "--policy", folder / "policy.yaml", folder / "stream.jsonl"]
    measured = [Run(command) for _ in range(runs)]
    print(f"  {'tow-plan':14} {median(measured, 'cpu'):6.2f} {median(measured, 'wall'):6.2f} {resident(command):6.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bin_dir", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--cycle", type=int, default=1_000_000, metavar="JOBS")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    bin_dir = arguments.bin_dir.resolve()
    binaries = sorted(p for p in bin_dir.iterdir() if p.name == "tow" or p.name.startswith("tow-"))
    print(f"{os.cpu_count()} cores, {arguments.runs} runs each")
    starting(binaries, arguments.runs)
    with tempfile.TemporaryDirectory(prefix="tow-bench-") as folder:
        grouping(bin_dir, arguments.jobs, arguments.runs, pathlib.Path(folder))
        unique(bin_dir, arguments.jobs, max(1, arguments.runs // 2), pathlib.Path(folder))
        cycle(bin_dir, arguments.cycle, max(1, arguments.runs // 2), pathlib.Path(folder))
        planning(bin_dir, arguments.runs, pathlib.Path(folder))
        entries(bin_dir, arguments.runs, pathlib.Path(folder))


if __name__ == "__main__":
    main()
