cat >q.long <<'Q'
JobStatus = 1
Owner = "ann"
Flavour = "sweet"
MaxWallTimeMins = 90

JobStatus = 1
Owner = "ben"
Flavour = "sour"
MaxWallTimeMins = 90

JobStatus = 5
Owner = "ann"
Flavour = "sour"
MaxWallTimeMins = 90
Q
show() { tow-jobs --source-name q q.long "$@" | jq -c '[.idle_jobs,.held_jobs,.users,.request.walltime_seconds,.ad]'; }
show
echo; show --group-by Flavour
echo; show --constraint 'Flavour == "sour"'
echo; show --walltime 'ifThenElse(Flavour == "sour", 60, 120)'
