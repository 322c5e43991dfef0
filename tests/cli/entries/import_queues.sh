# Queues of CRIC, AutoPyFactory and Harvester, TARDIS sites, and factory ads as HEPCloud keeps them.
cd "$DATA/foreign"
tow-entries import cric pandaqueues.json
tow-entries import apf queues.conf
tow-entries import harvester harvester.json
tow-entries import tardis tardis.yml
tow-entries import hepcloud factory_ads.json
