#!/usr/bin/env python3
"""How fast pilots' logs are read, collected and searched, by CPU time. Figures to repeat; nothing here passes or fails.

usage: tests/bench/logs.py BIN_DIR BENCH_LOGS OUTPUT [--pilots N] [--kilobytes N] [--rows N]     a release build, please

OUTPUT is the standard output of one pilot: N of them are made of it, of that size. Peers: grep on the same bytes, gzip for packing.
"""
import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def timed(argv, **more):
    """CPU seconds of all its threads: what others on the machine do does not matter much."""
    begin = os.times()
    done = subprocess.run([str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **more)
    end = os.times()
    return end.children_user + end.children_system - begin.children_user - begin.children_system, done


def say(what, size, seconds, note=""):
    print(f"{what:42} {size / 1e6 / seconds:8.0f} MB per CPU second {seconds:7.2f} s   {note}")


def events(bench):
    for name in ("eventlog_iso_utc.log", "eventlog_json.log"):
        log = HERE.parent / "data/logs/run" / name
        print(name, subprocess.run([bench, log, "500"], capture_output=True, text=True).stdout.strip())
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as many:
        many.write((HERE.parent / "data/logs/run/eventlog_iso_utc.log").read_bytes() * 11000)
        many.flush()
        seconds, _ = timed(["grep", "-cE", "^(005|009|012) ", many.name], env={"LC_ALL": "C"})
        say("peer: grep -cE '^(005|009|012) '", os.path.getsize(many.name), seconds)


def outputs(folder, pilots, size, output):
    text = output.read_text(errors="replace")
    filler = "\n".join(line for line in text.splitlines() if "===" not in line and "uuid" not in line)
    head, tail = text[:1500], text[-3000:]
    middle = (filler * (1 + size // max(1, len(filler))))[: max(0, size - len(head) - len(tail))]
    total = 0
    for number in range(pilots):
        place = folder / f"entry_E{number % 50}"
        place.mkdir(exist_ok=True)
        body = head.replace("3ce9dfca-0e7f", f"{number:08x}-0e7f") + "\n" + middle[number % 997:] + "\n" + tail
        body = body.replace("clip-c2-99", f"wn{number % 300}")
        (place / f"job.{number // 10}.{number % 10}.out").write_text(body)
        total += len(body)
    return total


def collected(bin_dir, options):
    work = pathlib.Path(tempfile.mkdtemp(prefix="tow-bench-", dir="/dev/shm"))
    try:
        source = work / "client"
        source.mkdir()
        size = outputs(source, options.pilots, options.kilobytes * 1000, options.output)
        tool, store = bin_dir / "tow-logs", work / "store"
        environment = {**os.environ, "TOW_STATE_DIR": str(work / "state")}
        say("peer: cat", size, timed(["sh", "-c", f"find {source} -type f -exec cat {{}} +"])[0])
        seconds, done = timed([tool, "collect", source, "--store", store, "--settle", "0"], env=environment)
        packs = sum(file.stat().st_size for file in (store / "packs").iterdir())
        say(f"collect {options.pilots} pilots", size, seconds,
            f"{done.stdout.count(10)} pilots, {size / packs:.1f} times smaller, {options.pilots / seconds:.0f} pilots per CPU second")
        say("  again, nothing new", size, timed([tool, "collect", source, "--store", store], env=environment)[0])
        for pattern in ("no such words at all", r"SINGULARITY_\w+ nothing", "Glidein ending .* with code [1-9]"):
            seconds, _ = timed([tool, "search", pattern, "--store", store], env=environment)
            say(f"search {pattern}", size, seconds)
            seconds, _ = timed(["grep", "-rlP", pattern, source], env={"LC_ALL": "C"})
            say("  peer: grep -rlP, one process", size, seconds)
        for by in ("entry", "outcome", "node"):
            seconds, _ = timed([tool, "summary", "--by", by, "--store", store], env=environment)
            print(f"summary --by {by:33} {1000 * seconds:8.0f} ms")
    finally:
        shutil.rmtree(work)


def indexed(bin_dir, rows):
    work = pathlib.Path(tempfile.mkdtemp(prefix="tow-bench-", dir="/dev/shm"))
    try:
        tool = bin_dir / "tow-logs"
        subprocess.run([tool, "collect", HERE.parent / "data/logs/glidein", "--store", work, "--state", work / "state"],
                       check=True, capture_output=True)
        database = sqlite3.connect(work / "index.sqlite")
        outcomes = ["ok"] * 80 + ["no_work"] * 10 + ["killed"] * 5 + ["validation_failed"] * 5
        database.executemany(
            "INSERT INTO pilot (key, pilot, backend_id, entry, outcome, cause, node, at, cores, wall, record) VALUES (?,?,?,?,?,'',?,?,8,3600,?)",
            ((f"p{i}", f"p{i}", f"{i}.0", f"E{i % 300}", outcomes[i * 7919 % 100], f"wn{i % 5000}", 1795000000 + i,
              json.dumps({"type": "pilot_log", "v": 1, "pilot": f"p{i}", "entry": f"E{i % 300}", "outcome": outcomes[i * 7919 % 100]}))
             for i in range(rows)))
        database.commit()
        database.close()
        for words in (["show", f"p{rows // 2}"], ["search", "x", "--entry", "E7", "--outcome", "killed", "--limit", "100"],
                      ["search", "x", "--since", "2026-11-18T20:00:00Z", "--limit", "100"], ["summary", "--entry", "E7"],
                      ["search", "x", "--node", "wn77", "--limit", "100"], ["summary", "--by", "entry"]):
            seconds = min(timed([tool, *words, "--store", work])[0] for _ in range(3))
            print(f"{rows} pilots: {' '.join(words):60} {1000 * seconds:8.0f} ms")
    finally:
        shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("bin_dir", type=pathlib.Path)
    parser.add_argument("bench")
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--pilots", type=int, default=10000)
    parser.add_argument("--kilobytes", type=int, default=100)
    parser.add_argument("--rows", type=int, default=1000000)
    options = parser.parse_args()
    events(options.bench)
    print(subprocess.run([options.bench, options.output, "500"], capture_output=True, text=True).stdout.strip())
    collected(options.bin_dir, options)
    indexed(options.bin_dir, options.rows)


if __name__ == "__main__":
    sys.exit(main())
