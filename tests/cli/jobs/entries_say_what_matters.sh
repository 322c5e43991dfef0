# Attributes that a start expression looks at tell groups apart without being named again.
cat >entries.yaml <<'Y'
entries:
  A: {backend: local, pilot: {memory: 1 GiB}, target: {argv: [x]}, start: 'TARGET.Flavour == "sweet"'}
Y
echo 'entries: entries.yaml' >config.yaml
printf 'JobStatus = 1\nFlavour = "sweet"\n\nJobStatus = 1\nFlavour = "sour"\n' >q.long
tow-jobs --config config.yaml q.long | jq -c .ad
tow-jobs q.long | jq -c .ad
