# A GlideinWMS factory: what the XML says is in the YAML, and what is not is counted.
cd "$DATA/foreign" && tow-entries import gwms factory.xml
