# OSG_autoconf: defaults, what CEs say of themselves, and the operators' lists, one over the other.
cd "$DATA/foreign" && tow-entries import osg autoconf_default.yml autoconf_ces.yml autoconf_sites.yml
