# An empty directory, an ordinary one, none at all; and what a pilot asks for in one line.
mkdir -p base/empty.example.org base/dir.example.org; echo content >base/dir.example.org/file
tow-cvmfs node --cvmfs-base base empty.example.org dir.example.org none.example.org -o table; echo "exit $?"
tow-cvmfs node --cvmfs-base base empty.example.org; echo "exit $?"
tow-cvmfs node --cvmfs-base base dir.example.org --nagios; echo "exit $?"
