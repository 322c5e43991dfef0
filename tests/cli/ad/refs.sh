printf '[ a = b + TARGET.x; b = MY.c; circle = circle; s = eval("zz") ]' >job.ad
tow-ad refs 'a > 1 && Arch == "X86_64" || s' --my job.ad
tow-ad refs 'a > 1 && Arch == "X86_64"' -o table
tow-ad refs 'circle' --my job.ad; echo "exit $?"
tow-ad refs 'a' --my job.ad -o csv
tow-ad refs 'a' --my job.ad --columns external
