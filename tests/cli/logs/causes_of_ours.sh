cat >site.yaml <<'Y'
causes:
  site.squid: {where: err, stage: boot, outcome: validation_failed, actor: site, contains: [squid says no], advice: restart it, examples: [squid says no to 17]}
Y
printf 'Starting glidein_startup.sh at x (1795255200)\n=== Glidein ending x (1795255210) with code 1 after 10 ===\n' >p.out
echo 'squid says no to 4' >p.err
tow-logs read p.out p.err --taxonomy site.yaml --columns outcome,cause,actor,advice
tow-logs read p.out p.err --columns outcome,cause
sed -i 's/squid says no to 17/another line/' site.yaml
tow-logs causes --taxonomy site.yaml; echo "exit $?"
