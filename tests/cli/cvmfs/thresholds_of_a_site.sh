cat >t.yaml <<'Y'
snapshot_age: {warning: 1h}
gc_age: {warning: none}
quota: {warning: 20GB, critical: 5GB}
repositories:
  'slow.*': {snapshot_age: {warning: 1d, critical: 3d}}
Y
tow-cvmfs thresholds -o table
tow-cvmfs thresholds --thresholds t.yaml --repo slow.example.org --columns figure,warning,critical | head -6
