#!/usr/bin/env python3
"""The contract that every tool keeps (tow(7)), checked on every binary.

usage: run.py BIN_DIR [TOOL ...]

samples/<tool>.json says how to run a tool so that it prints records: {"args": [...], "stdin": FILE}; "state" is SQL,
for one that tells of what it sent before; "lock" is the name of its lock, if that is not its own.
Files are those of data/. A tool without a sample fails: a new tool is covered by having one.
"""
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
NOW = "2026-11-21T12:00:00Z"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
NAME = re.compile(r"[a-z][a-z0-9_]*$")
FREE_FORM = {"ad", "ad_exprs", "target"}  # objects whose keys are somebody else's names


class Tool:
    def __init__(self, path):
        self.path = path
        self.name = path.name
        self.spec = json.loads(subprocess.run([path, "--dump-cli-spec"], check=True,
                                              capture_output=True).stdout)
        sample = HERE / "samples" / f"{self.name}.json"
        self.sample = json.loads(sample.read_text()) if sample.exists() else None
        self.role = self.spec["role"]
        self.options = {o["name"] for o in self.spec["options"]}
        self.reads_stdin = self.sample is not None and self.sample.get("stdin") is not None


class Contract(unittest.TestCase):
    tool = None

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="tow-contract-")
        self.home = pathlib.Path(self.scratch.name)
        self.state = self.home / "state"
        self.env = {"PATH": f"{HERE / 'fake'}:{self.tool.path.parent}:/usr/bin:/bin", "HOME": str(self.home),
                    "TOW_NOW": NOW, "TOW_STATE_DIR": str(self.state), "LC_ALL": "C.UTF-8",
                    "UBSAN_OPTIONS": "print_stacktrace=1"}
        self.assertIsNotNone(self.tool.sample, f"no tests/contract/samples/{self.tool.name}.json")
        if "state" in self.tool.sample:
            self.state.mkdir()
            with contextlib.closing(sqlite3.connect(self.state / "state.sqlite")) as database:
                database.executescript((HERE / "data" / self.tool.sample["state"]).read_text())

    def tearDown(self):
        self.scratch.cleanup()

    def command(self, *extra):
        args = self.tool.sample["args"]
        end = args.index("--") if "--" in args else len(args)
        return [str(self.tool.path), *args[:end], *extra, *args[end:]]

    def sample_input(self):
        name = self.tool.sample.get("stdin")
        return (HERE / "data" / name).read_bytes() if name else b""

    def run_tool(self, *extra, stdin=None, env=None, plain=False, **more):
        argv = [str(self.tool.path), *extra] if plain else self.command(*extra)
        return subprocess.run(argv, input=self.sample_input() if stdin is None else stdin, cwd=HERE / "data",
                              env=self.env if env is None else env, timeout=60, **{"capture_output": True, **more})

    def start(self, *extra, **more):
        return subprocess.Popen(self.command(*extra), cwd=HERE / "data", env=self.env, stdin=subprocess.PIPE,
                                stderr=subprocess.PIPE, **more)

    def needs_stdin(self):
        if not self.tool.reads_stdin:
            self.skipTest("does not read standard input")

    # Help, version, usage

    def test_help_needs_nothing_and_wins(self):
        for arguments in (["--help"], ["-h"], ["--no-such", "-h", "--output", "nonsense"]):
            result = self.run_tool(*arguments, plain=True, env={"PATH": "/usr/bin:/bin"})
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            self.assertTrue(result.stdout.startswith(f"{self.tool.name} - ".encode()))
            for option in self.tool.options:
                self.assertIn(option.encode(), result.stdout)
            self.assertIn(b"Examples:", result.stdout)
            self.assertIn(b"Exit status:", result.stdout)

    def test_version(self):
        result = self.run_tool("--version", plain=True, env={"PATH": "/usr/bin:/bin"})
        self.assertRegex(result.stdout.decode(), rf"^{self.tool.name} \d+\.\d+\.\d+\n$")
        self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_unknown_option(self):
        result = self.run_tool("--colums", "x", plain=True)
        lines = result.stderr.decode().splitlines()
        self.assertEqual((result.returncode, result.stdout), (64, b""))
        self.assertEqual(sum(": error: " in line for line in lines), 1)
        self.assertIn(f'{self.tool.name}: error: unknown option "--colums"', lines)
        self.assertIn(f'{self.tool.name}: hint: did you mean "--columns"?', lines)

    def test_bad_values_are_usage_errors(self):
        for arguments in (["--output"], ["--output", "xml"], ["--timeout", "soon"], ["--columns"],
                          ["-o", "table", "--no-such=1"]):
            result = self.run_tool(*arguments, plain=True)
            self.assertEqual((result.returncode, result.stdout), (64, b""), arguments)

    def test_unknown_column_names_the_known_ones(self):
        result = self.run_tool("--columns", "no_such_field", "-o", "json")
        self.assertEqual(result.returncode, 64)
        self.assertIn(b'no field "no_such_field"', result.stderr)
        self.assertIn(b"hint: fields: ", result.stderr)

    # Input

    def test_empty_input_is_valid(self):
        self.needs_stdin()
        result = self.run_tool(stdin=b"")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(self.run_tool("-o", "json", stdin=b"").stdout, b"[]\n")

    def test_fail_if_empty(self):
        self.needs_stdin()
        if "--fail-if-empty" not in self.tool.options:
            self.skipTest("has no --fail-if-empty")
        self.assertEqual(self.run_tool("--fail-if-empty", stdin=b"").returncode, 1)
        self.assertEqual(self.run_tool("--fail-if-empty").returncode, self.run_tool().returncode)

    def test_garbage_is_refused_with_its_place(self):
        self.needs_stdin()
        for garbage in (b"garbage\n", b"{\"type\":\n", b"\xff\xfe\x00\n"):
            result = self.run_tool(stdin=garbage)
            self.assertEqual(result.returncode, 65, garbage)
            self.assertRegex(result.stderr.decode(), r"error: -:[12]: ")

    def test_missing_file(self):
        operands = self.tool.spec["operands"]
        if not operands["name"] or operands["choices"] or self.tool.spec["rest"]:
            self.skipTest("takes no files")
        result = self.run_tool("no/such/file", plain=True)
        self.assertEqual(result.returncode, 66)
        self.assertIn(b"no/such/file: No such file or directory", result.stderr)

    def test_strangers_pass_untouched(self):
        self.needs_stdin()
        if self.tool.role not in ("filter", "act"):
            self.skipTest("does not filter")
        stranger = b'{ "type" : "stranger", "v":1, "b":1.50, "a":[1e2,"\\u00e9"], "n":12345678901234567890123 }'
        lines = self.run_tool(stdin=self.sample_input() + stranger + b"\n").stdout.splitlines()
        self.assertIn(stranger, lines)

    # Output

    def records(self, *extra, **more):
        result = self.run_tool("-o", "jsonl", *extra, **more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]

    def test_every_line_is_a_record(self):
        records = self.records()
        self.assertTrue(records)
        for record in records:
            self.assertEqual(list(record)[:2], ["type", "v"])
            self.check_names(record)
        emitted = {output["type"] for output in self.tool.spec["emits"]}
        self.assertTrue(emitted & {record["type"] for record in records}, emitted)

    def check_names(self, value):
        if isinstance(value, list):
            for element in value:
                self.check_names(element)
        elif isinstance(value, dict):
            for key, element in value.items():
                self.assertRegex(key, NAME)
                if key.endswith("_at"):
                    self.assertRegex(element, RFC3339)
                if key.endswith(("_seconds", "_bytes")):
                    self.assertIsInstance(element, int if key.endswith("_bytes") else (int, float))
                if key not in FREE_FORM:
                    self.check_names(element)

    def test_encodings_are_obeyed_in_a_pipe(self):
        table = self.run_tool("-o", "table", "--dry-run").stdout.decode()
        self.assertRegex(table.splitlines()[0], r"^[A-Z_]+( +[A-Z_]+)*$")
        json.loads(self.run_tool("-o", "json").stdout)
        csv = self.run_tool("-o", "csv", "--dry-run").stdout
        self.assertTrue(csv.startswith(b"type,v,"))
        by_variable = {**self.env, "TOW_OUTPUT": "csv"}
        self.assertEqual(self.run_tool("--dry-run", env=by_variable).stdout, csv)
        self.assertEqual(self.run_tool("-o", "table", "--dry-run", env=by_variable).stdout.decode(), table)

    def test_repeatable(self):
        self.assertEqual(self.run_tool("--dry-run").stdout, self.run_tool("--dry-run").stdout)

    def test_out_file_is_replaced_only_on_success(self):
        target = self.home / "out.jsonl"
        target.write_text("old")
        self.needs_stdin()
        self.assertEqual(self.run_tool("--out", str(target), stdin=b"garbage").returncode, 65)
        self.assertEqual(target.read_text(), "old")
        result = self.run_tool("--out", str(target))
        self.assertEqual((result.returncode, result.stdout), (0, b""))
        self.assertEqual([p.name for p in self.home.iterdir() if p.name.startswith(".out")], [])
        self.assertTrue(target.read_text().startswith('{"type":'))
        self.assertEqual(self.run_tool("--out", "/proc/no/such/file").returncode, 73)

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            result = self.run_tool("-o", "jsonl", capture_output=False, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 74)
        self.assertIn(b"No space left on device", result.stderr)

    def test_reader_that_leaves(self):
        process = self.start(stdout=subprocess.PIPE)
        process.stdout.close()
        _, error = process.communicate(self.sample_input(), timeout=60)
        self.assertEqual((process.returncode, error), (0, b""))

    def test_quiet(self):
        self.assertEqual(self.run_tool("-q").stderr, b"")

    # Terminal

    def in_terminal(self, *extra, env=None):
        """What the tool writes to a terminal; standard input is the sample."""
        leader, follower = pty.openpty()
        process = subprocess.Popen(self.command(*extra), cwd=HERE / "data", env=env or self.env, stdin=subprocess.PIPE,
                                   stdout=follower, stderr=subprocess.PIPE)
        os.close(follower)
        process.stdin.write(self.sample_input())
        process.stdin.close()
        output = b""
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                break
            if not chunk:
                break
            output += chunk
        os.close(leader)
        process.wait(timeout=60)
        process.stderr.close()
        return output.replace(b"\r\n", b"\n")

    def test_terminal_and_pipe_carry_the_same(self):
        self.assertEqual(self.in_terminal("-o", "jsonl", "--dry-run"), self.run_tool("-o", "jsonl", "--dry-run").stdout)
        wide = {**self.env, "COLUMNS": "1000", "TERM": "xterm"}
        table = self.run_tool("-o", "table", "--dry-run").stdout
        self.assertEqual(self.in_terminal("--dry-run", "--no-color", env=wide), table)
        self.assertEqual(self.in_terminal("--dry-run", env={**wide, "NO_COLOR": "1"}), table)
        self.assertIn(b"\x1b[", self.in_terminal("--dry-run", env=wide))
        self.assertNotIn(b"\x1b[", table)
        self.assertIn(b"\x1b[", self.run_tool("-o", "table", "--color", "always").stdout)

    # Time, signals, locks, state

    def test_timeout_is_exact(self):
        self.needs_stdin()
        process = self.start("--timeout", "0.2s", stdout=subprocess.DEVNULL)
        begin = time.monotonic()
        process.wait(timeout=10)  # standard input stays open and silent
        self.assertEqual(process.returncode, 124)
        self.assertLess(time.monotonic() - begin, 0.5 + self.slack())
        self.assertIn(b"--timeout", process.stderr.read())
        process.stdin.close()
        process.stderr.close()

    def slack(self):
        """Sanitizers and a busy machine make starting slow; the limit itself stays 0.5 s."""
        begin = time.monotonic()
        self.run_tool("--version", plain=True)
        return 2 * (time.monotonic() - begin)

    def test_interrupt_kills(self):
        self.needs_stdin()
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start(stdout=subprocess.DEVNULL)
            self.wait_until_reading(process)
            process.send_signal(number)
            process.wait(timeout=10)
            self.assertEqual(process.returncode, -number)
            process.stdin.close()
            process.stderr.close()

    def wait_until_reading(self, process):
        """Until the tool sleeps in poll(2) on its input."""
        for _ in range(500):
            state = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            if state == "S":
                return
            time.sleep(0.01)

    def test_second_run_is_busy(self):
        if self.tool.role != "act":
            self.skipTest("changes nothing")
        self.state.mkdir(exist_ok=True)
        name = self.tool.sample.get("lock", self.tool.name)
        with open(self.state / f"{name}.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = self.run_tool()
            self.assertEqual(result.returncode, 75)
            self.assertIn(b"held by", result.stderr)
            begin = time.monotonic()
            self.assertEqual(self.run_tool("--lock-wait", "300ms").returncode, 75)
            self.assertGreaterEqual(time.monotonic() - begin, 0.3)
        self.assertEqual(self.run_tool().returncode, 0)

    def snapshot(self):
        return {str(p.relative_to(self.home)): p.read_bytes() for p in self.home.rglob("*") if p.is_file()}

    def test_dry_run_changes_nothing(self):
        before = self.snapshot()
        self.assertEqual(self.run_tool("--dry-run").returncode, 0)
        self.assertEqual(self.snapshot(), before)
        if "--state" in self.tool.options:
            self.run_tool()
            self.wait_for_pilots()
            before = self.snapshot()
            self.run_tool("--dry-run")
            self.assertEqual(self.snapshot(), before)

    def wait_for_pilots(self):
        """Until those that the tool has started are at rest: the last they write is "exit"."""
        for _ in range(600):
            if all((claim.parent / "exit").exists() for claim in self.home.rglob("claim")):
                return
            time.sleep(0.05)
        self.fail("pilots that do not end")

    def test_state_that_cannot_be_created(self):
        if "--state" not in self.tool.options:
            self.skipTest("keeps no state")
        if "state" in self.tool.sample:
            self.skipTest("where nothing was sent there is nothing to tell")
        self.assertEqual(self.run_tool("--state", "/proc/no/such/dir").returncode, 73)


def main():
    bin_dir = pathlib.Path(sys.argv[1]).resolve()
    wanted = sys.argv[2:]
    names = sorted(p for p in bin_dir.iterdir() if p.name == "tow" or p.name.startswith("tow-"))
    loader = unittest.TestLoader()
    suite = unittest.TestSuite()
    for path in names:
        if wanted and path.name not in wanted:
            continue
        case = type(path.name.replace("-", "_"), (Contract,), {"tool": Tool(path)})
        suite.addTests(loader.loadTestsFromTestCase(case))
    result = unittest.TextTestRunner(verbosity=1, buffer=True).run(suite)
    return 0 if result.wasSuccessful() and suite.countTestCases() > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
