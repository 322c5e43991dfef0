# The numbers of GlideinWMS's countMatch, with entries in downtime left out (state) and not.
golden=$DATA/gwms/match_small.json
jq -c '.jobs[]' "$golden" | tow-jobs --from condor-jsonl --group-by DESIRED_Sites,RequestMemory,MaxWallTimeMins,VO,RequestDisk >jobs
entries() { # STATE of those in downtime
  jq -c --arg down "$1" '.entries[] | {type: "entry", v: 1, entry: .name, backend: "local",
    state: (if .GLIDEIN_In_Downtime == "True" then $down else "in_service" end),
    pilot: {cpus: .GLIDEIN_CPUS, memory_bytes: (.GLIDEIN_MaxMemMBs * 1048576)}, ad: del(.name),
    start: "stringListMember(GLIDEIN_Site, TARGET.DESIRED_Sites) && TARGET.RequestMemory <= GLIDEIN_MaxMemMBs && TARGET.MaxWallTimeMins * 60 < GLIDEIN_Max_Walltime && stringListMember(TARGET.VO, GLIDEIN_Supported_VOs)"}' "$golden"
}
for case in True:disabled False:in_service; do
  entries "${case#*:}" | tow-demand --split gwms-ceil --only demand jobs - |
    jq -c '[.entry, .jobs_matching, .jobs_share, .jobs_only_here, .pilots_share]' >ours
  jq -c --arg key "ignore_down_entries=${case%:*}" '.result[$key] | to_entries[] | select(.key != "UNMATCHED") |
    [.key, .value.count, .value.prop, .value.hereonly, .value.prop_mc]' "$golden" >theirs
  diff theirs ours && echo "the same for $(wc -l <ours) entries"
done
entries in_service | tow-demand --only demand jobs - |
  jq -s '"exact: \(map(.jobs_share) | add) jobs that match, each once"' -r
