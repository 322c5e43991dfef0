# Zero is a measurement: entries that were looked at are counted.
tow-pilots --state state "$EXAMPLES/entries.yaml" --columns entry,pending,running,observed_at
tow-pilots --state state -o json
