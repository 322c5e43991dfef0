tow plan --version | sed 's/[0-9.]*$/X/'
tow plan --no-such; echo "exit $?"
tow paln; echo "exit $?"
tow frobnicate; echo "exit $?"
mkdir site; printf '#!/bin/sh\necho "site tool: $*"; exit 7\n' >site/tow-mine; chmod +x site/tow-mine
PATH=$PATH:$PWD/site tow mine a 'b c'; echo "exit $?"
tow -o table | head -3
PATH=$PWD/site:/usr/bin:/bin "$(command -v tow)" list --columns tool,summary -o csv | sed "s|$PWD|.|" | tail -3
