# Reals stay reals, integers beyond 2^53 become expressions, nested and undefined values too.
tow-jobs --observed-at now "$DATA/condor/value_types.json" >none; cat none   # a job ad without JobStatus counts nowhere
sed 's/^{$/{ "JobStatus": 1,/' "$DATA/condor/value_types.json" |
  tow-jobs --from condor-json --group-by Abs,Big,Err,Ex,Ex2,Fn,Inf,Lst,Neg,Nest,R,Rel,Small,Str,T,Undef,Weird,Whole | jq '{ad,ad_exprs}'
