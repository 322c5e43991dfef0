#!/usr/bin/env python3
"""Exactly once, on a real batch system: nothing that dies in the middle loses a pilot or doubles one.

usage: exactly_once.py condor|slurm kill [N]    kill -9 of tow-submit and tow-remove at N random moments
       exactly_once.py condor|slurm cut [N]     its port does not answer from a random moment on (root)
       exactly_once.py condor|slurm full [N]    the state file's disk is full (root)

Only the tool is killed: what it had started lives on, and may reach the batch system when the next run looks
already. What the batch system itself says is the truth. The seed is printed, $TOW_SEED sets it.
"""
import collections
import contextlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import time

PILOTS = 8
REMOVED = 3
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
USER = [os.environ["TOW_AS"]] if os.getuid() == 0 and "TOW_AS" in os.environ else []


def output_of(*command):
    return subprocess.run(USER + list(command), capture_output=True, text=True, check=True, timeout=120).stdout


class Condor:
    backend = "condor"
    target = {"argv": ["/bin/sleep", "1000"], "requirements": "TARGET.NoSuchThing =?= true"}

    @staticmethod
    def port():
        return int(os.environ["TOW_COLLECTOR"].split(":")[-1])

    @staticmethod
    def truth(factory):
        """What became of each pilot: entry -> [(pilot, "on hold", "alive" or "removed")]."""
        result = collections.defaultdict(list)
        attributes = ["AerotowEntry", "AerotowPilotId", "JobStatus", "HoldReasonCode"]
        for tool in (["condor_q", "-allusers"], ["condor_history"]):
            text = output_of(*tool, "-constraint", f'AerotowFactory == "{factory}"', "-af", *attributes)
            for line in text.splitlines():
                entry, pilot, status, code = line.split()
                state = "removed" if status in "34" else "on hold" if (status, code) == ("5", "15") else "alive"
                result[entry].append((pilot, state))
        return result


class Slurm:
    backend = "slurm"
    # More than there is room for: most of them wait, some run.
    target = {"argv": ["/bin/sleep", "1000"], "partition": "main"}

    @staticmethod
    def port():
        for line in pathlib.Path(os.environ["SLURM_CONF"]).read_text().splitlines():
            if line.startswith("SlurmctldPort="):
                return int(line.split("=")[1])
        raise AssertionError("no SlurmctldPort")

    @staticmethod
    def truth(factory):
        result = collections.defaultdict(list)
        text = output_of("squeue", "-h", "-r", "-t", "all", "-o", "%k|%K|%T|%r")
        for line in text.splitlines():
            comment, index, state, reason = line.split("|")
            words = comment.split()
            if len(words) != 4 or words[:2] != ["aerotow", factory] or index == "N/A":
                # The last: what is left of an array whose tasks were cancelled one by one.
                continue
            kind = "alive"
            if state in ("CANCELLED", "COMPLETING", "COMPLETED", "FAILED"):
                kind = "removed"
            elif state == "PENDING" and reason == "JobHeldUser":
                kind = "on hold"
            result[words[2]].append((after(words[3], int(index) if index.isdigit() else 0), kind))
        return result


def after(ulid, number):
    value = 0
    for digit in ulid:
        value = value * 32 + DIGITS.index(digit)
    value += number
    text = ""
    for _ in ulid:
        text = DIGITS[value % 32] + text
        value //= 32
    return text


class World:
    def __init__(self, system, rng, state):
        self.system, self.rng = system, rng
        self.factory = f"test{os.getpid()}"
        self.state = state
        here = pathlib.Path.cwd()
        self.config = here / "config.yaml"
        self.config.write_text(f"factory: {self.factory}\nbatch: {{patience: 5s}}\n")
        self.durations = {"tow-submit": [], "tow-remove": []}

    def command(self, tool):
        return [*USER, shutil.which(tool), "--state", str(self.state), "--config", str(self.config)]

    def ulid(self):
        value = int(time.time() * 1000)
        text = ""
        for _ in range(10):
            text = DIGITS[value % 32] + text
            value //= 32
        return text + "".join(self.rng.choice(DIGITS) for _ in range(16))

    def streams(self, name):
        """The same entry with a request to send pilots, and one to take some back."""
        entry = {"type": "entry", "v": 1, "entry": name, "backend": self.system.backend,
                 "pilot": {"cpus": 1, "memory_bytes": 1 << 27, "walltime_seconds": 3600}, "target": self.system.target}
        result = []
        for extra in ({"submit": PILOTS}, {"submit": 0, "remove": REMOVED, "remove_what": "all"}):
            identity = self.ulid()
            request = {"type": "request", "v": 1, "request": identity, "plan": identity, "entry": name, **extra}
            result.append("".join(json.dumps(record) + "\n" for record in (entry, request)).encode())
        return result

    def run(self, tool, stream, *options, may_fail=False):
        begin = time.monotonic()
        while True:
            done = subprocess.run(self.command(tool) + list(options), input=stream, capture_output=True, check=False,
                                  timeout=300)
            # 75: the lock is held. A child of a killed run has it until its exec() has closed it.
            if done.returncode != 75 or time.monotonic() > begin + 5:
                break
            time.sleep(0.01)
        if not may_fail:
            assert done.returncode == 0, f"{tool}: exit {done.returncode}: {done.stderr.decode()}"
            self.durations.setdefault(tool, []).append(time.monotonic() - begin)
        return done

    def answer(self, tool, stream):
        lines = self.run(tool, stream).stdout.splitlines()
        return [record for record in map(json.loads, lines) if record["type"] in ("submission", "removal")][-1]

    def kill(self, tool, stream):
        """Kills the tool, and nothing it has started. False if it had ended before."""
        process = subprocess.Popen(self.command(tool), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(stream)
            process.stdin.close()
        time.sleep(self.rng.uniform(0, statistics.median(self.durations[tool])))
        alive = process.poll() is None
        process.kill()
        process.wait()
        return alive

    def check_sent(self, name, answer):
        assert answer["sent"] == PILOTS, answer
        seen = self.system.truth(self.factory)[name]
        if any(state == "on hold" for _, state in seen):  # came after it was given up: the next run removes it
            self.run("tow-pilots", b"")
            self.run("tow-submit", b'{"type":"memory","v":1,"plan":"%s","entry":"X","pending":0,"running":0}\n'
                     % self.ulid().encode())
            time.sleep(0.5)
            seen = self.system.truth(self.factory)[name]
        alive = sorted(pilot for pilot, state in seen if state == "alive")
        assert alive == sorted(answer["pilots"]), f"the batch system has {seen}, tow-submit says {answer}"
        assert not any(state == "on hold" for _, state in seen), seen
        self.check_journal(set(alive))

    def check_journal(self, alive):
        known = {}
        for line in self.run("tow-pilots", b"", "--only", "pilot").stdout.splitlines():
            record = json.loads(line)
            known[record["pilot"]] = record["state"]
        assert all(known.get(pilot) in ("submitted", "pending", "running") for pilot in alive), (alive, known)

    def check_removed(self, name, answer):
        assert answer["removed"] == REMOVED, answer
        deadline = time.monotonic() + 20
        while True:
            alive = [pilot for pilot, state in self.system.truth(self.factory)[name] if state == "alive"]
            if len(alive) == PILOTS - REMOVED or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        assert len(alive) == PILOTS - REMOVED, f"{len(alive)} pilots are left: {answer}"

    def clear(self, name):
        self.run("tow-remove", b"", "--entry", name, "--what", "all", "--yes", may_fail=True)


def kill(world, wanted):
    kills = rounds = 0
    while kills < wanted:
        name = f"KILL{rounds}"
        submit, remove = world.streams(name)
        for tool, stream in (("tow-submit", submit), ("tow-remove", remove)):
            for _ in range(0 if rounds % 20 == 0 else world.rng.choice((1, 1, 2))):
                kills += world.kill(tool, stream)
            answer = world.answer(tool, stream)
            (world.check_sent if tool == "tow-submit" else world.check_removed)(name, answer)
        world.clear(name)
        rounds += 1
        assert rounds < 10 * wanted, f"only {kills} of {rounds} runs could be killed before their end"
    return f"{kills} runs were killed in {rounds} rounds"


@contextlib.contextmanager
def cut_off(port):
    table = f"aerotow_{os.getpid()}"
    rules = f"table inet {table} {{ chain c {{ type filter hook output priority 0; " \
            f"tcp dport {port} drop; tcp sport {port} drop; }}; }}"
    subprocess.run(["nft", "-f", "-"], input=rules.encode(), check=True)
    try:
        yield
    finally:
        subprocess.run(["nft", "delete", "table", "inet", table], check=True)


def cut(world, rounds):
    world.clear("NONE")
    for number in range(rounds):
        name = f"CUT{number}"
        submit, remove = world.streams(name)
        for tool, stream in (("tow-submit", submit), ("tow-remove", remove)):
            process = subprocess.Popen(world.command(tool), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            process.stdin.write(stream)
            process.stdin.close()
            time.sleep(world.rng.uniform(0, statistics.median(world.durations[tool] or [0.1])))
            with cut_off(world.system.port()):
                if world.rng.random() < 0.5:
                    process.wait(timeout=120)  # it gives up by itself
                else:
                    time.sleep(1)
            process.wait(timeout=120)
            deadline = time.monotonic() + 60  # a server may need a while to notice that the wire is back
            while world.run(tool, stream, may_fail=True).returncode != 0:
                assert time.monotonic() < deadline, f"{tool} does not succeed after the network came back"
                time.sleep(1)
            answer = world.answer(tool, stream)
            (world.check_sent if tool == "tow-submit" else world.check_removed)(name, answer)
        world.clear(name)
    return f"{rounds} times the network was cut under tow-submit and under tow-remove"


def full(world, rounds):
    failures = 0
    for number in range(rounds):
        name = f"FULL{number}"
        submit, remove = world.streams(name)
        for tool, stream in (("tow-submit", submit), ("tow-remove", remove)):
            filler = world.state / "filler"
            free = shutil.disk_usage(world.state).free
            filler.write_bytes(bytes(max(0, free - world.rng.randrange(0, 48 * 1024))))
            done = world.run(tool, stream, may_fail=True)
            failures += done.returncode != 0
            assert done.returncode in (0, 1, 73, 74), (done.returncode, done.stderr)
            filler.unlink()
            answer = world.answer(tool, stream)
            (world.check_sent if tool == "tow-submit" else world.check_removed)(name, answer)
        world.clear(name)
    assert failures > rounds / 4, f"only {failures} runs met the full disk"
    return f"{failures} runs met a full disk"


def state_folder(phase):
    state = pathlib.Path.cwd() / "state"
    state.mkdir()
    if phase == "full":
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=777", "none", state], check=True)
    state.chmod(0o777)
    return state


def main():
    system = {"condor": Condor, "slurm": Slurm}[sys.argv[1]]
    phase = sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else {"kill": 300, "cut": 5, "full": 30}[phase]
    seed = int(os.environ.get("TOW_SEED", time.time_ns()))
    state = state_folder(phase)
    begin = time.monotonic()
    try:
        world = World(system, random.Random(seed), state)
        for tool in world.durations:  # how long is it undisturbed?
            world.durations[tool].append(0.1)
        said = {"kill": kill, "cut": cut, "full": full}[phase](world, count)
        print(f"{system.backend}: {said}, in {time.monotonic() - begin:.0f} s: no pilot lost, none doubled")
    except AssertionError as error:
        print(f"{system.backend} {phase}, TOW_SEED={seed}: {error}")
        return 1
    finally:
        if phase == "full":
            subprocess.run(["umount", state], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
