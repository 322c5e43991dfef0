#!/usr/bin/env python3
"""Runs every example: those that the tools declare (help and man pages show them), the pipelines, and the
command lines of the units and the crontab.

usage: tests/examples.py BIN_DIR

Each runs in a scratch folder with a saved queue behind a fake condor_q, a configuration with entries,
and the files that examples name. An example must end with 0, or with what ALLOWED says.
"""
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent
ROOT = TESTS.parent
SLURM = TESTS / "data/slurm"
ALLOWED = {"tow help jobs": {0, 16},  # 16: man(1) is there, the page is not installed
           "tow-cvmfs server http://s1.example.org --repo test.example.org": {1}}  # no such server: a verdict
PIPELINES = {"cap.sh": ["LOCAL_*", "max_pilots=1", "4h", "ticket 1234"],
             "replay.sh": ["decision.jsonl", "--max-submit", "1"]}


class Scene:
    def __init__(self, bin_dir, folder):
        self.folder = pathlib.Path(folder)
        shutil.copy(ROOT / "examples/entries.yaml", self.folder / "entries.yaml")
        shutil.copy(ROOT / "examples/config.yaml", self.folder / "new.yaml")
        shutil.copy(ROOT / "tests/data/condor/condor_q_mid.json", self.folder / "queue.json")
        (self.folder / "schedds.json").write_text('[{"Name": "schedd1.example.org"}]')
        self.env = {"PATH": f"{TESTS / 'cli/fake'}:{bin_dir}:{ROOT / 'examples/pilots'}:/usr/bin:/bin",
                    "HOME": str(self.folder), "TOW_STATE_DIR": str(self.folder / "state"), "LC_ALL": "C.UTF-8",
                    "TOW_CONFIG": str(self.folder / "new.yaml"), "FAKE_CONDOR_Q": str(self.folder / "queue.json"),
                    "FAKE_CONDOR_STATUS": str(self.folder / "schedds.json"),
                    "FAKE_SQUEUE": str(SLURM / "squeue.txt"), "FAKE_SINFO": str(SLURM / "sinfo.txt"), "FAKE_SLURM": str(SLURM),
                    "STATE_DIRECTORY": str(self.folder / "state"), "MANPAGER": "cat", "MANPATH": str(ROOT / "man")}
        decision = self.shell("{ tow-jobs condor; tow-entries; tow-pilots; } | tow-demand | tow-plan")
        for name in ("decision.jsonl", "last-decision.jsonl"):
            (self.folder / name).write_bytes(decision.stdout)

    def run(self, argv):
        return subprocess.run(argv, cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False)

    def shell(self, text):
        return self.run(["bash", "-o", "pipefail", "-c", text])

    def close(self):
        for name in ("LOCAL_SMALL", "LOCAL_BIG", "LOCAL_SPILL", "LOCAL_SERVICE"):
            self.run(["tow-remove", "--entry", name, "--what", "all", "--yes"])


def examples(bin_dir):
    for path in sorted(bin_dir.iterdir()):
        if path.name == "tow" or path.name.startswith("tow-"):
            spec = json.loads(subprocess.run([path, "--dump-cli-spec"], capture_output=True, check=True).stdout)
            for example in spec["examples"]:
                yield f"{path.name}: {example['command']}", ["bash", "-o", "pipefail", "-c", example["command"]]
    for path in sorted((ROOT / "examples/pipelines").glob("*.sh")):
        yield f"pipeline {path.name}", [str(path), *PIPELINES.get(path.name, [])]
    for path in sorted((ROOT / "examples/systemd").glob("*.service")):
        line = re.search(r"^ExecStart=((?:.*\\\n)*.*)", path.read_text(), re.M)[1].replace("\\\n", " ")
        # systemd takes every word as it is but for variables; "\\;" stands for ";", as for shlex.
        yield f"unit {path.name}", ["env", *(word.replace("${STATE_DIRECTORY}", "state") for word in shlex.split(line))]
    for line in (ROOT / "examples/cron/aerotow").read_text().splitlines():
        if re.match(r"[*\d]", line):
            yield f"cron: {line}", ["sh", "-c", line.split(maxsplit=6)[6]]


def main():
    bin_dir = pathlib.Path(sys.argv[1]).resolve()
    failed = count = 0
    for name, argv in examples(bin_dir):
        with tempfile.TemporaryDirectory(prefix="tow-example-") as folder:
            scene = Scene(bin_dir, folder)
            result = scene.run(argv)
            scene.close()
        count += 1
        if result.returncode not in ALLOWED.get(argv[-1], {0}) or b": error: " in result.stderr:
            failed += 1
            print(f"FAILED {name}: exit {result.returncode}\n{result.stderr.decode()}")
    print(f"{count} examples, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
