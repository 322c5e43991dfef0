tow-entries -o table "$EXAMPLES/entries.yaml"
