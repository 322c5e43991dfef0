#!/usr/bin/env python3
"""kill -9 of tow-submit and tow-pilots at random moments, with local pilots; then the next run carries on.

usage: kill_submit.py BIN_DIR [KILLS]         (200 by default; the seed is printed, $TOW_SEED sets it)

Each pilot appends its id to a file of its own world, once it really runs. After the run that follows a
kill, every pilot that was asked for has run exactly once, and the state file knows each of them. Some
pilots end at once, before anybody can look for them, others live on; every third round the run that
recovers is killed as well. In the end tow-pilots is killed while it writes down that the pilots have ended:
the sums of the ledger must be those of the pilots themselves. If any pilot was started, the memory of the
decision is kept.
"""
import collections
import datetime
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
DAY = 86400
CORES = 64  # so that a second makes a difference
NOW_ID = "01M7YZMHG0RZ4S2RJZ2W4V1B0B"


class World:
    def __init__(self, bin_dir, folder, seconds):
        self.bin = bin_dir
        self.state = folder / "state"
        self.log = folder / "started"
        self.entries = folder / "entries.yaml"  # so that its memory matters when all pilots have ended
        self.entries.write_text("entries: {HERE: {backend: local, pilot: {memory: 1 GiB}}}\n")
        script = f'echo "$AEROTOW_PILOT_ID" >>"{self.log}"; exec sleep {seconds}'
        entry = {"type": "entry", "v": 1, "entry": "HERE", "backend": "local",
                 "pilot": {"cpus": CORES // 2, "nodes": 2, "memory_bytes": 1, "walltime_seconds": 60},
                 "cost": {"per_core_hour": 3600.0, "currency": "EUR"},
                 "target": {"argv": ["sh", "-c", script], "grace_seconds": 1}}
        request = {"type": "request", "v": 1, "request": NOW_ID, "plan": NOW_ID, "entry": "HERE", "submit": PILOTS}
        self.memory = {"type": "memory", "v": 1, "plan": NOW_ID, "entry": "HERE", "pending": PILOTS, "running": 0}
        self.stream = "".join(json.dumps(record) + "\n" for record in (self.memory, entry, request)).encode()

    def command(self, tool, *arguments):
        return [self.bin / tool, "--state", self.state, *arguments]

    def submit(self):
        result = subprocess.run(self.command("tow-submit", "--only", "submission"), input=self.stream,
                                capture_output=True, check=False, timeout=120)
        if result.returncode != 0:
            raise AssertionError(f"tow-submit ended with {result.returncode}: {result.stderr.decode()}")
        return json.loads(result.stdout)

    def submit_and_kill(self, delay):
        return self.kill_after(delay, self.stream, "tow-submit")

    def look_and_kill(self, delay):
        return self.kill_after(delay, b"", "tow-pilots", self.entries)

    def kill_after(self, delay, stream, *command):
        """False if it had ended before the kill."""
        process = subprocess.Popen(self.command(*command), stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.stdin.write(stream)
        process.stdin.close()
        time.sleep(delay)
        killed = process.poll() is None
        process.kill()
        process.wait()
        return killed

    def started(self):
        return self.log.read_text().split() if self.log.exists() else []

    def look(self, *options):
        """The records of tow-pilots by type."""
        result = subprocess.run(self.command("tow-pilots", self.entries, *options),
                                capture_output=True, check=True, timeout=60)
        records = collections.defaultdict(list)
        for line in result.stdout.splitlines():
            record = json.loads(line)
            records[record["type"]].append(record)
        return records

    def pilots(self):
        return self.look()["pilot"]

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


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def check_ledger(records):
    """What the ledger says is what its pilots add up to: cores by seconds and days."""
    expected = collections.defaultdict(lambda: [0, 0])
    for pilot in records["pilot"]:
        if "started_at" not in pilot:
            continue
        start, end = seconds(pilot["started_at"]), seconds(pilot.get("ended_at", pilot["observed_at"]))
        expected[start // DAY * DAY][0] += 1
        for day in range(start // DAY * DAY, end + 1, DAY):
            expected[day][1] += CORES * max(0, min(end, day + DAY) - max(start, day))
    seen = {seconds(day["day"]): [day["pilots"], day["core_seconds"]]
            for usage in records["usage"] for day in usage["days"]}
    assert seen == {day: use for day, use in expected.items() if use != [0, 0]}, (seen, expected)
    for usage in records["usage"]:
        assert all(abs(day["cost"] - day["core_seconds"]) < 1e-6 for day in usage["days"]), usage


def check_memory(world):
    """Whatever was sent, the memory of its decision was kept before."""
    records = world.look("--dry-run") if (world.state / "state.sqlite").exists() else {}
    if records.get("pilot"):
        assert records["memory"] == [world.memory], records["memory"]


def end_all(world, rng, durations):
    """Ends the pilots while a look at them is killed; true if it was."""
    world.end()
    killed = world.look_and_kill(rng.uniform(0, statistics.median(durations)))
    check_ledger(world.look("--dry-run"))
    begin = time.monotonic()
    records = world.look()
    durations.append(time.monotonic() - begin)
    while any(pilot["state"] not in ("done", "failed") for pilot in records["pilot"]):
        assert time.monotonic() < begin + 10, records["pilot"]
        time.sleep(0.02)
        records = world.look()
    check_ledger(records)
    return killed


def main():
    bin_dir = pathlib.Path(sys.argv[1]).resolve()
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(os.environ.get("TOW_SEED", time.time_ns()))
    rng = random.Random(seed)
    print(f"kill_submit: {wanted} kills among {PILOTS} pilots each, TOW_SEED={seed}")
    durations, looks = [], [0.02]
    kills = killed_looks = rounds = 0
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
                check_memory(world)
                check(world, world.submit())
                check_memory(world)
                killed_looks += end_all(world, rng, looks)
            except AssertionError as error:
                print(f"round {rounds}: {error}")
                return 1
            finally:
                world.end()
        rounds += 1
        if rounds > 10 * wanted:
            print(f"only {kills} of {rounds} runs could be killed before their end")
            return 1
    print(f"kill_submit: {kills} runs were killed before their end, in {rounds} rounds; none lost a pilot or doubled one")
    print(f"{killed_looks} looks were killed as well; the ledger is what its pilots add up to")
    return 0


if __name__ == "__main__":
    sys.exit(main())
