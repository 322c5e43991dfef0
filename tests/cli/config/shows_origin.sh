mkdir -p home/.config/aerotow
printf 'plan:\n  max_pilots: 5\n  max_age: 1h\nentries: [a.yaml, b.d]\n' >home/.config/aerotow/config.yaml
tow-config -o table --columns setting,value,origin | sed "s|$PWD|.|g"
tow-config files | sed "s|$PWD|.|g"
tow-config check
