#!/usr/bin/env python3
"""tow-top in a real terminal (a pty): keys, sizes, changes of its files, signals, names of strangers.

usage: top.py BIN_DIR

The screen is what a terminal would show: the bytes are followed as far as tow-top's terminal type (xterm) sends them.
"""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
import unittest

BIN = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
HOSTILE = "\x1b]0;owned\x07\x1b[2J\n\u202egnp\u009b31m<b>\u6f22\u00e9"
SEQUENCE = re.compile(r"\x1b(?:\[([?>]?)([0-9;]*)([A-Za-z@`])|\][^\x07]*\x07|[()][A-Z0-9]|[=>78M])")


class Screen:
    """As much of a terminal as ncurses uses for xterm."""

    def __init__(self, rows, columns):
        self.resize(rows, columns)
        self.row = self.column = 0
        self.rest = ""
        self.strange = []  # sequences that no view has reason to send
        self.reversed = False
        self.last = " "
        self.top, self.bottom = 0, rows - 1

    def resize(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.top, self.bottom = 0, rows - 1

    def feed(self, text):
        text = self.rest + text
        at = 0
        while at < len(text):
            char = text[at]
            if char == "\x1b":
                found = SEQUENCE.match(text, at)
                if not found:
                    if len(text) - at < 32:
                        break
                    raise AssertionError(f"unknown sequence {text[at:at + 20]!r}")
                self.obey(found)
                at = found.end()
                continue
            at += 1
            self.control(char) if char < " " else self.put(char)
        self.rest = text[at:]

    def control(self, char):
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.row = min(self.row + 1, self.rows - 1)
        elif char == "\b":
            self.column = max(0, self.column - 1)
        elif char not in "\x0f\x0e\x07":
            self.strange.append(repr(char))

    def put(self, char):
        width = 2 if unicodedata.east_asian_width(char) in "WF" else 0 if unicodedata.combining(char) else 1
        if self.column < self.columns and width:
            self.cells[self.row][self.column] = char
            if width == 2 and self.column + 1 < self.columns:
                self.cells[self.row][self.column + 1] = ""
        self.column += width
        self.last = char

    def obey(self, found):
        mark, numbers, verb = found[1], found[2], found[3]
        if verb is None:
            if found[0].startswith("\x1b]"):
                self.strange.append(repr(found[0]))
            return
        values = [int(n) for n in numbers.split(";") if n]
        first = values[0] if values else 0
        if mark:
            return
        if verb == "H":
            self.row, self.column = (max(1, first) - 1, (values[1] if len(values) > 1 else 1) - 1)
            self.row = min(self.row, self.rows - 1)
        elif verb == "G":
            self.column = max(1, first) - 1
        elif verb == "d":
            self.row = min(max(1, first) - 1, self.rows - 1)
        elif verb in "ABCD":
            step = max(1, first)
            self.row = min(max(self.row + {"A": -step, "B": step}.get(verb, 0), 0), self.rows - 1)
            self.column = max(self.column + {"C": step, "D": -step}.get(verb, 0), 0)
        elif verb == "K":
            begin, end = {0: (self.column, self.columns), 1: (0, self.column + 1), 2: (0, self.columns)}[first]
            self.cells[self.row][begin:end] = [" "] * (min(end, self.columns) - begin)
        elif verb == "J":
            for row in range(self.row + (first == 0), self.rows) if first != 2 else range(self.rows):
                self.cells[row] = [" "] * self.columns
            if first == 0:
                self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
        elif verb == "X":
            self.cells[self.row][self.column:self.column + max(1, first)] = [" "] * max(1, first)
        elif verb == "b":
            for _ in range(first):
                self.put(self.last)
        elif verb == "P":
            del self.cells[self.row][self.column:self.column + max(1, first)]
            self.cells[self.row] += [" "] * (self.columns - len(self.cells[self.row]))
        elif verb == "@":
            self.cells[self.row][self.column:self.column] = [" "] * max(1, first)
            del self.cells[self.row][self.columns:]
        elif verb == "r":
            self.top, self.bottom = (values[0] - 1, values[1] - 1) if len(values) == 2 else (0, self.rows - 1)
        elif verb in "ST":
            for _ in range(max(1, first)):
                line = self.cells.pop(self.top if verb == "S" else self.bottom)
                self.cells.insert(self.bottom if verb == "S" else self.top, [" "] * len(line))
        elif verb in "LM":
            for _ in range(max(1, first)):
                self.cells.pop(self.row if verb == "M" else self.bottom)
                self.cells.insert(self.bottom if verb == "M" else self.row, [" "] * self.columns)
        elif verb not in "mhlt":
            self.strange.append(repr(found[0]))

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)


class Terminal:
    def __init__(self, argv, env, rows=24, columns=100):
        self.leader, follower = pty.openpty()
        self.screen = Screen(rows, columns)
        self.set_size(rows, columns)
        self.before = termios.tcgetattr(follower)
        self.follower = follower
        self.raw = b""
        self.process = subprocess.Popen(argv, env=env, stdin=follower, stdout=follower, stderr=subprocess.PIPE,
                                        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def set_size(self, rows, columns):
        fcntl.ioctl(self.leader, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        self.set_size(rows, columns)
        self.process.send_signal(signal.SIGWINCH)

    def press(self, keys):
        os.write(self.leader, keys.encode())

    def pump(self, seconds):
        if select.select([self.leader], [], [], seconds)[0]:
            data = os.read(self.leader, 65536)
            self.raw += data
            self.screen.feed(data.decode("utf-8", "surrogateescape"))

    def wait_for(self, *words, absent=(), seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = self.screen.text()
            if all(word in text for word in words) and not any(word in text for word in absent):
                return text
            self.pump(0.1)
        raise AssertionError(f"{words} (without {absent}) did not come:\n{self.screen.text()}\n{self.raw[-300:]}")

    def end(self, seconds=5):
        stop = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < stop:
            self.pump(0.05)
        code = self.process.poll()
        if code is None:
            self.process.kill()
        self.pump(0.05)
        after = termios.tcgetattr(self.follower)
        errors = self.process.stderr.read().decode()
        self.process.wait()
        self.process.stderr.close()
        os.close(self.leader)
        os.close(self.follower)
        return code, errors, after == self.before


class Top(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tow-top-")
        self.path = pathlib.Path(self.folder.name)
        self.env = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8", "TOW_STATE_DIR": str(self.path / "state"),
                    "TOW_NOW": "2026-11-21T12:00:00Z"}
        self.decision = self.path / "decision.jsonl"
        self.write(30)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, entries, extra=()):
        records = [{"type": "entry", "v": 1, "entry": f"E{n:02}", "backend": "local", "pilot": {"cpus": 1, "memory_bytes": 1}} for n in range(entries)]
        records += [{"type": "pilot_count", "v": 1, "entry": f"E{n:02}", "pending": n, "running": 100 - n, "held": int(n == 7), "removing": 0,
                     "observed_at": "2026-11-21T12:00:00Z"} for n in range(entries)]
        records += extra
        fresh = self.path / "fresh"
        fresh.write_text("".join(json.dumps(record) + "\n" for record in records))
        fresh.rename(self.decision)

    def start(self, *options, rows=24, columns=100, **env):
        return Terminal([BIN / "tow-top", "--interval", "300ms", *options, self.decision], {**self.env, **env}, rows, columns)

    def quit(self, terminal):
        terminal.press("q")
        code, errors, is_restored = terminal.end()
        self.assertEqual((code, errors, is_restored), (0, "", True))
        self.assertEqual(terminal.screen.strange, [])

    def test_problems_come_first_and_keys_move(self):
        terminal = self.start()
        terminal.wait_for("1 Problems 1", "2 Entries 30", "1 pilot is held")
        terminal.press("2")
        text = terminal.wait_for("Entry", "State", "E07", "E00")
        self.assertLess(text.index("E07"), text.index("E00"))  # in need of attention
        terminal.press("\x1b[F" if b"\x1b[?1h" not in terminal.raw else "\x1bOF")  # End
        terminal.wait_for("E29", absent=("E07 ",))
        terminal.press("\x1b[H" if b"\x1b[?1h" not in terminal.raw else "\x1bOH")
        terminal.wait_for("E07", absent=("E29",))
        self.quit(terminal)

    def test_filter_sort_and_details(self):
        terminal = self.start()
        terminal.wait_for("2 Entries 30")
        terminal.press("2/e1")
        terminal.wait_for("/e1_", "E10", "E19", absent=("E20", "E07"))
        terminal.press("\r")
        terminal.wait_for('filter "e1"')
        terminal.press("\r")
        terminal.wait_for("Entry: E10", "Running: 90")
        terminal.press("x")
        terminal.wait_for("filter")
        terminal.press("\x1b")
        terminal.wait_for("E07", absent=("filter \"",))
        terminal.press("sssss")  # by Waiting
        text = terminal.wait_for("Waiting v", "E29")
        self.assertLess(text.index("E29"), text.index("E28"))
        terminal.press("?")
        terminal.wait_for("another table", "quit")
        terminal.press("x")
        self.quit(terminal)

    def test_it_follows_the_file_and_survives_its_damage(self):
        terminal = self.start()
        terminal.wait_for("2 Entries 30")
        self.write(3)
        terminal.wait_for("2 Entries 3 ")
        self.decision.write_text("garbage\n")
        terminal.wait_for("decision.jsonl:1", "2 Entries 3 ")
        self.write(5)
        terminal.wait_for("2 Entries 5 ", absent=("decision.jsonl:1",))
        terminal.press("p")
        terminal.wait_for("PAUSED")
        self.write(6)
        time.sleep(1)
        terminal.wait_for("2 Entries 5 ")
        terminal.press(" ")
        terminal.wait_for("2 Entries 6 ")
        self.quit(terminal)

    def test_sizes(self):
        terminal = self.start()
        terminal.wait_for("1 Problems 1")
        terminal.press("2")
        for rows, columns in ((50, 160), (10, 40), (3, 12), (1, 1), (24, 80)):
            terminal.resize(rows, columns)
            terminal.wait_for(*(["E07", "Decision"] if rows >= 24 else []))
            for _ in range(5):
                terminal.pump(0.1)
            self.assertIsNone(terminal.process.poll())
        self.quit(terminal)

    def test_names_of_strangers_are_text(self):
        self.write(1, [{"type": "pilot_count", "v": 1, "entry": HOSTILE, "pending": 1, "running": 0, "held": 2, "removing": 0},
                       {"type": "check", "v": 1, "check": "c", "target": HOSTILE, "state": "critical", "message": HOSTILE, "advice": HOSTILE}])
        for lines in (24, 60):
            terminal = self.start(rows=lines, columns=160)
            text = terminal.wait_for("Problems", "\\x1b]0;owned\\x07", "\\u202egnp\\u009b31m<b>")
            self.assertNotIn(b"\x1b]0;", terminal.raw)
            self.assertNotIn("\u202e".encode(), terminal.raw)
            self.assertNotIn("\u009b".encode(), terminal.raw)
            self.assertIn("\u6f22", text)
            terminal.press("2")
            terminal.wait_for("Entry", "\\x1b]0;owned")
            terminal.press("\r")
            terminal.wait_for("Entry: ")
            self.quit(terminal)

    def test_signals_leave_the_terminal_as_it_was(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            terminal = self.start()
            terminal.wait_for("2 Entries")
            terminal.process.send_signal(number)
            code, errors, is_restored = terminal.end()
            self.assertEqual((code, errors, is_restored), (-number, "", True))
        terminal = self.start()
        terminal.wait_for("2 Entries")
        terminal.press("\x03")  # Ctrl-C is no key of ours
        self.assertEqual(terminal.end(), (-signal.SIGINT, "", True))

    def test_it_ends_when_its_terminal_has_gone(self):
        for action, code in ((signal.SIG_DFL, -signal.SIGHUP), (signal.SIG_IGN, 74)):  # ignored, as nohup does
            before = signal.signal(signal.SIGHUP, action)
            terminal = self.start()
            signal.signal(signal.SIGHUP, before)
            terminal.wait_for("2 Entries")
            os.close(terminal.follower)
            os.close(terminal.leader)
            self.assertEqual(terminal.process.wait(5), code)
            terminal.process.stderr.close()

    def test_colours_only_where_they_are_wanted(self):
        for options, env, has_any in (((), {}, True), ((), {"NO_COLOR": "1"}, False), (("--no-color",), {}, False), ((), {"TERM": "vt100"}, False)):
            terminal = self.start(*options, **env)
            terminal.wait_for("pilot is held") if env.get("TERM") != "vt100" else [terminal.pump(0.3) for _ in range(5)]
            self.assertEqual(bool(re.search(rb"\x1b\[(\d+;)*3[0-7](;\d+)*m", terminal.raw)), has_any, (options, env))
            terminal.press("q")
            self.assertEqual(terminal.end()[0], 0)

    def test_without_a_terminal(self):
        for env, words in ((self.env, "no terminal"), ):
            result = subprocess.run([BIN / "tow-top", self.decision], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            self.assertEqual(result.returncode, 64)
            self.assertIn(words, result.stderr)
            self.assertIn("--once", result.stderr)
        terminal = self.start(TERM="no-such-terminal")
        code, errors, _ = terminal.end()
        self.assertEqual(code, 64)
        self.assertIn("no-such-terminal", errors)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
