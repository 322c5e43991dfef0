#!/usr/bin/env python3
"""kill -9 of tow-run at random moments, then the next run carries on.

usage: kill_run.py BIN_DIR [KILLS]         (50 by default; the seed is printed, $TOW_SEED sets it)

Its commands write down their process numbers. Some end by themselves, some at SIGTERM, some at SIGKILL only,
and they have children. After a kill all of them end within the time they are given, the lock is free, the
history can be read and tells of a killed run if one had begun, and the next run is a good one. Where the
guardian of the commands is killed as well, nobody is left to end them: that is not tested.
"""
import collections
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

KILL_AFTER = 0.3
# Each writes a line with its number first. "$0" is the file; it is named on every command line as well.
COMMANDS = [
    ["sh", "-c", 'echo $$ >>"$0"; sleep 0.03', ";", "sh", "-c", 'echo $$ >>"$0"; sleep 0.03; echo x'],
    ["sh", "-c", 'echo $$ >>"$0"; sleep 0.05; cat'],
    ["sh", "-c", 'trap "" TERM; echo $$ >>"$0"; (echo $(exec sh -c "echo \\$PPID") >>"$0"; sleep 0.06; :) & sleep 0.02; wait; cat'],
]


def pipeline(log):
    words = []
    for stage in COMMANDS:
        words += ["|"] if words else []
        for word in stage:
            words.append(word)
            if word.startswith(("echo", "trap")):
                words.append(str(log))
    return words


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


class World:
    def __init__(self, bin_dir, folder, seconds):
        self.tool = bin_dir / "tow-run"
        self.log = folder / "begun"
        self.env = {**os.environ, "TOW_STATE_DIR": str(folder / "state")}
        self.words = [word.replace("sleep 0.", f"sleep {seconds}.") for word in pipeline(self.log)]
        self.quick = pipeline(self.log)
        self.lasts = seconds != "0"

    def start(self, words, *options):
        return subprocess.Popen([self.tool, "p", "--kill-after", f"{KILL_AFTER}s", *options, "--", *words],
                                env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def status(self):
        result = subprocess.run([self.tool, "--status", "-o", "jsonl"], env=self.env, capture_output=True,
                                check=False, timeout=60)
        assert result.returncode in (0, 1) and not result.stderr, result
        return [json.loads(line) for line in result.stdout.splitlines()]

    def begun(self):
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []

    def left(self):
        return [process for process in self.begun() if is_alive(process)]


def check(world, killed):
    assert wait_for(lambda: not world.left(), KILL_AFTER + 5), f"still running: {world.left()}"
    assert wait_for(lambda: all(run["state"] != "running" for run in world.status()), KILL_AFTER + 5), "the lock is held"
    states = [run["state"] for run in world.status()]
    # Killed behind its last word, it was done all the same, if its commands could be.
    allowed = ([], ["killed"], ["done"]) if killed and not world.lasts else ([], ["killed"]) if killed else (["done"],)
    assert states in allowed, (killed, states)
    following = world.start(world.quick)
    error = following.communicate(timeout=60)[1].decode()
    assert following.returncode == 0, error
    assert ("left no word" in error) == (states == ["killed"]), (states, error)
    [run] = world.status()
    assert (run["state"], run["failures"], len(run["stages"])) == ("done", 0, 4), run
    assert wait_for(lambda: not world.left(), 5), f"still running: {world.left()}"
    return states[0] if states else "not begun"


def main():
    bin_dir = pathlib.Path(sys.argv[1]).resolve()
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    seed = int(os.environ.get("TOW_SEED", time.time_ns()))
    rng = random.Random(seed)
    print(f"kill_run: {wanted} kills, TOW_SEED={seed}")
    durations, kills, rounds = [], 0, 0
    seen = collections.Counter()
    while kills < wanted:
        with tempfile.TemporaryDirectory(prefix="tow-kill-") as folder:
            # Half of the commands would go on for an hour.
            world = World(bin_dir, pathlib.Path(folder), rng.choice(["0", "3600"]) if rounds else "0")
            begin = time.monotonic()
            process = world.start(world.words)
            if rounds:
                time.sleep(rng.uniform(0, 1.2 * statistics.median(durations)))
                killed = process.poll() is None
                process.kill()
            process.communicate(timeout=60)
            killed = rounds > 0 and process.returncode == -9
            if not rounds:
                durations.append(time.monotonic() - begin)
            try:
                seen[check(world, killed)] += 1
            except AssertionError as error:
                print(f"round {rounds}: {error}")
                return 1
        kills += killed
        rounds += 1
        if rounds > 10 * wanted:
            print(f"only {kills} of {rounds} runs could be killed before their end")
            return 1
    print(f"kill_run: {kills} of {rounds} runs were killed, {dict(seen)}; no command outlived its run, no lock stayed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
