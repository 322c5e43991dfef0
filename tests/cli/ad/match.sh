printf 'JobId = 1\nRequirements = TARGET.Memory > 1024\n' >job.ad
cat >slots.jsonl <<'END'
{"Memory": 2048, "Requirements": "\/Expr(TARGET.JobId == 1)\/"}
{"Memory": 512, "Requirements": true}
{"Memory": 2048, "Requirements": "\/Expr(TARGET.Nothing > 1)\/"}
{"Memory": 2048}
{"Memory": 2048, "Requirements": "\/Expr(random(0) > 0)\/"}
{"Requirements": "text"}
END
tow-ad match --my job.ad --target slots.jsonl -o table; echo "exit $?"
sed 1d slots.jsonl | tow-ad match --my job.ad --target -; echo "exit $?"
tow-ad match --my job.ad --target /dev/null; echo "exit $?"
