# Slots of a pool, counted once although dynamic slots are part of others; glideins by their entry.
export FAKE_CONDOR_STATUS=slots.json
cat >slots.json <<'Q'
[{ "Name": "slot1@n1.example.org", "State": "Unclaimed", "Cpus": 2, "Memory": 4000, "Disk": 1000, "TotalSlotCpus": 8, "TotalSlotMemory": 16000, "TotalSlotDisk": 90000, "GPUs": 1, "TotalSlotGPUs": 2, "Arch": "aarch64", "OpSys": "LINUX" },
{ "Name": "slot1_1@n1.example.org", "State": "Claimed", "DynamicSlot": true, "Cpus": 4, "Memory": 8000, "GPUs": 1 },
{ "Name": "slot1_2@n1.example.org", "State": "Unclaimed", "DynamicSlot": true, "Cpus": 2, "Memory": 4000 },
{ "Name": "slot1@n2.example.org", "State": "Drained", "Cpus": 4, "Memory": 8000, "TotalSlotCpus": 4, "TotalSlotMemory": 8000 },
{ "Name": "slot1@glidein_7@wn1", "State": "Claimed", "Cpus": 1, "Memory": 2500, "GLIDEIN_Entry_Name": "TEST_SITE_1", "GLIDEIN_Site": "Test_Site_1" },
{ "Name": "no slot" }]
Q
tow-entries condor:cm.example.org | jq -c '[.entry,.backend,.site,.pilot,.ad.Arch,.live,.target]'
cat >ads.json <<'Q'
[{ "MyType": "glidefactory", "Name": "SITE_8core@v3@Factory-1", "EntryName": "SITE_8core", "GLIDEIN_Site": "Site", "GLIDEIN_CPUS": "8", "GLIDEIN_MaxMemMBs": 20000,
   "GLIDEIN_Max_Walltime": "171000", "GLIDEIN_Resource_Slots": "GPUs,4,type=main", "GLIDEIN_In_Downtime": "False", "GLIDEIN_Supported_VOs": "OSG,CMS", "GLIDEIN_Gatekeeper": "ce.example.org:9619", "GLIDEIN_GridType": "condor",
   "GlideinConfigPerEntryMaxGlideins": 10000, "GlideinConfigPerEntryMaxIdle": 2000, "GlideinConfigPerEntryMaxHeld": 1000, "GlideinConfigPerFrontendMaxIdle": "",
   "GlideinMonitorTotalStatusRunning": 40, "GlideinMonitorTotalStatusIdle": 3, "GlideinMonitorTotalStatusHeld": 1, "GlideinMonitorTotalStatusPending": 2, "GlideinMonitorTotalRequestedIdle": 5, "LastHeardFrom": 1795262000 },
 { "MyType": "Generic", "GlideinMyType": "glideresource", "Name": "SITE_8core@v3@Factory-1@Frontend.main", "GlideFactoryName": "SITE_8core@v3@Factory-1", "GLIDEIN_Site": "Site", "GLIDEIN_CPUS": "auto", "GLIDEIN_ESTIMATED_CPUS": 16,
   "GLIDEIN_In_Downtime": "True", "GLIDEIN_Downtime_Comment": "disk trouble", "GlideFactoryMonitorStatusRunning": 40, "GlideClientMonitorJobsIdle": 120, "GlideClientMonitorJobsRunning": 44, "GlideClientMonitorGlideinsTotal": 41 },
 { "MyType": "glidefactoryglobal", "Name": "v3@Factory-1" }]
Q
FAKE_CONDOR_STATUS=ads.json tow-entries gwms | jq -c '[.entry,.state,.site,.set,.pilot,.limits,.ad,.live,.observed_at]'
FAKE_CONDOR_STATUS=hang tow-entries gwms condor local --source-timeout 0.3s | jq -c '[.type,.source,.entry]'
FAKE_CONDOR_STATUS=hang tow-entries gwms --source-timeout 0.3s >/dev/null 2>&1; echo "exit $?"
tow-entries condor: ; echo "exit $?"
