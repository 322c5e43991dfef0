# The rest of the stream is not touched; what the tool adds itself is replaced, not doubled.
{ tow-jobs --observed-at now --source-name lab "$DATA/condor/condor_q_mid.json"; tow-entries "$EXAMPLES/entries.yaml"
  echo '{"type": "stranger", "v": 1, "x": 1.50}'; } >in
tow-demand in >once
tow-demand once >twice; cmp once twice && echo same
head -n "$(wc -l <in)" once | cmp - in && echo untouched
