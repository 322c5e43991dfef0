# Only the attributes that matter are asked for; a second time if Requirements mention another.
export FAKE_CONDOR_Q=q.json
cat >q.json <<'Q'
[
{ "JobStatus": 1, "Requirements": "\/Expr(TARGET.Arch == MyArch && MY.Flag =?= true)\/", "MyArch": "X86_64", "Flag": true }
]
Q
tow-jobs condor --schedd s1.example.org --pool cm.example.org:9619 --constraint 'Owner == "o'\''brien"' | jq -c '[.source,.ad]'
cat calls.log
