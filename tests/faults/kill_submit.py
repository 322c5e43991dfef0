#!/usr/bin/env python3
"""kill -9 of tow-submit at random moments while it starts local pilots; then the next run carries on.

usage: kill_submit.py BIN_DIR [KILLS]         (200 by default; the seed is printed, $TOW_SEED sets it)

Each pilot appends its id to a file of its own world, once it really runs. After the run that follows a
kill, every pilot that was asked for has run exactly once, and the state file knows each of them. Some
pilots end at once, before anybody can look for them, others live on; every third round the run that
recovers is killed as well.
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

PILOTS = 8
NOW_ID = "01M7YZMHG0RZ4S2RJZ2W4V1B0B"


class World:
    def __init__(self, bin_dir, folder, seconds):
        self.bin = bin_dir
        self.state = folder / "state"
        self.log = folder / "started"
        script = f'echo "$AEROTOW_PILOT_ID" >>"{self.log}"; exec sleep {seconds}'
        entry = {"type": "entry", "v": 1, "entry": "HERE", "backend": "local",
                 "pilot": {"cpus": 1, "memory_bytes": 1, "walltime_seconds": 60},
                 "target": {"argv": ["sh", "-c", script], "grace_seconds": 1}}
        request = {"type": "request", "v": 1, "request": NOW_ID, "plan": NOW_ID, "entry": "HERE", "submit": PILOTS}
        self.stream = "".join(json.dumps(record) + "\n" for record in (entry, request)).encode()

    def command(self, tool, *arguments):
        return [self.bin / tool, "--state", self.state, *arguments]

    def submit(self):
        result = subprocess.run(self.command("tow-submit", "--only", "submission"), input=self.stream,
                                capture_output=True, check=False, timeout=120)
        if result.returncode != 0:
            raise AssertionError(f"tow-submit ended with {result.returncode}: {result.stderr.decode()}")
        return json.loads(result.stdout)

    def submit_and_kill(self, delay):
        """False if it had ended before the kill."""
        process = subprocess.Popen(self.command("tow-submit"), stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.stdin.write(self.stream)
        process.stdin.close()
        time.sleep(delay)
        killed = process.poll() is None
        process.kill()
        process.wait()
        return killed

    def started(self):
        return self.log.read_text().split() if self.log.exists() else []

    def pilots(self):
        result = subprocess.run(self.command("tow-pilots", "--config", "/dev/null", "--only", "pilot"),
                                capture_output=True, check=True, timeout=60)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def end(self):
        subprocess.run(self.command("tow-remove", "--entry", "HERE", "--what", "all", "--yes"),
                       capture_output=True, check=True, timeout=60)


def wait_for(condition):
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.02)
    return False


def check(world, answer):
    assert answer["sent"] == PILOTS, answer
    assert wait_for(lambda: len(world.started()) >= PILOTS), f"lost: {world.started()}"
    time.sleep(0.05)  # a doubled one would come now
    counts = collections.Counter(world.started())
    assert all(count == 1 for count in counts.values()), f"doubled: {counts}"
    assert sorted(counts) == sorted(answer["pilots"]), (counts, answer)
    known = {pilot["pilot"]: pilot["state"] for pilot in world.pilots()}
    assert all(pilot in known for pilot in counts), (known, counts)
    assert not any(state in ("intended", "lost") for state in known.values()), known


def main():
    bin_dir = pathlib.Path(sys.argv[1]).resolve()
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(os.environ.get("TOW_SEED", time.time_ns()))
    rng = random.Random(seed)
    print(f"kill_submit: {wanted} kills among {PILOTS} pilots each, TOW_SEED={seed}")
    durations = []
    kills = rounds = 0
    while kills < wanted:
        with tempfile.TemporaryDirectory(prefix="tow-kill-") as folder:
            world = World(bin_dir, pathlib.Path(folder), "0" if rng.random() < 0.5 else "30")
            if rounds % 20 == 0:  # how long is it undisturbed?
                begin = time.monotonic()
                world.submit()
                durations.append(time.monotonic() - begin)
            else:
                usual = statistics.median(durations)
                kills += world.submit_and_kill(rng.uniform(0, usual))
                if rounds % 3 == 0:
                    kills += world.submit_and_kill(rng.uniform(0, usual))
            try:
                check(world, world.submit())
            except AssertionError as error:
                print(f"round {rounds}: {error}")
                return 1
            finally:
                world.end()
                assert wait_for(lambda: all(p["state"] in ("done", "failed") for p in world.pilots()))
        rounds += 1
        if rounds > 10 * wanted:
            print(f"only {kills} of {rounds} runs could be killed before their end")
            return 1
    print(f"kill_submit: {kills} runs were killed before their end, in {rounds} rounds; none lost a pilot or doubled one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
