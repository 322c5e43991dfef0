# Gigabytes that are no jobs are refused with one line as soon as that is clear, without keeping them.
feed() { python3 - "$1" "$2" <<'P'
import resource, subprocess, sys
start = sys.argv[2].encode().decode("unicode_escape").encode()
child = subprocess.Popen(["tow-jobs", "--from", sys.argv[1], "--only", "gap", "--columns", "error.kind"], stdin=subprocess.PIPE)
try:
    child.stdin.write(start)
    for _ in range(1024): child.stdin.write(b"1" * (1 << 20))
    child.stdin.close()
except BrokenPipeError: pass
code = child.wait(); peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(f"{sys.argv[1]}: exit {code}" + (f", {peak} MiB" if peak > 300 else ""), flush=True)
P
}
feed slurm-json '{"jobs":[{"job_state":"'; feed slurm-text 'JOBID|ST|\n'; feed panda '{"SITE":{"'; feed pyglidein '[{"cpus":'
feed csv 'state\n"'; feed jsonl '{"a":"'; feed condor-json '[{"A":"'
# A document that is long but honest is read to its end, with memory that does not grow with it.
python3 - <<'P'
import resource, subprocess
child = subprocess.Popen(["tow-jobs", "--from", "slurm-json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
job = b'{"job_state":"PENDING","cpus":4,"comment":"' + b"x" * 4000 + b'"}'
child.stdin.write(b'{"jobs":[' + job)
for _ in range(20000): child.stdin.write(b"," + job)
child.stdin.write(b'],"meta":{}}'); child.stdin.close()
seen = child.stdout.read(); child.wait()
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(b'"idle_jobs":20001' in seen, "flat" if peak < 64 else f"{peak} MiB")
P
