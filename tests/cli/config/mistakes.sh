try() { printf "$1" >c.yaml; tow-config check --config c.yaml; echo "exit $?"; }
try 'plan:\n  max_pilot: 5\n'
try 'plann: {}\n'
try 'plan: {max_age: soon}\n'
try 'plan: {remove: everything}\n'
try 'plan: {max_pilots: 010}\n'
try 'plan: 7\n'
try 'plan: {max_pilots: 1}\nplan: {}\n'
try 'plan: [\n'
tow-config check --config none.yaml; echo "exit $?"
tow-config chek; echo "exit $?"
tow-plan --config c.yaml </dev/null; echo "exit $?"
