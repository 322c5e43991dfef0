// What a person who cannot see well, has no mouse or listens to the page would stumble over; a list of complaints.
(() => {
  const complaints = [];
  const complain = (what, element) => complaints.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const parse = text => (text.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  const background = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
      if (color[3] > 0) complain("a background that shines through", at);
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  };

  // Contrast of every text.
  let texts = 0, least = 99;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const known = new Map();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("style, script, title")) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.display === "none") continue;
    const color = parse(element.closest("svg") ? style.fill : style.color);
    if (color[3] !== undefined && color[3] < 1) complain("text that shines through", element);
    const key = color + "|" + background(element);
    if (!known.has(key)) known.set(key, contrast(color, background(element)));
    ++texts;
    least = Math.min(least, known.get(key));
    if (known.get(key) < 4.5) complain(`contrast ${known.get(key).toFixed(2)}`, element);
    if (parseFloat(style.fontSize) < 10) complain("tiny text", element);
  }

  // Landmarks, language, title, headings.
  for (const name of ["header", "nav", "main", "footer"])
    if (document.querySelectorAll(`body > ${name}`).length !== 1) complaints.push(`not one ${name}`);
  if (!document.documentElement.lang) complaints.push("no language");
  if (!document.title.trim()) complaints.push("no title");
  if (document.querySelectorAll("h1").length !== 1) complaints.push("not one h1");
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const now = Number(heading.tagName[1]);
    if (now > level + 1) complain("a heading skips a level", heading);
    level = now;
  }

  // Names for what is not text; ids; links.
  const label = e => (e.getAttribute("aria-label") || "").trim() ||
    (e.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id)?.textContent || "").join("").trim();
  for (const e of document.querySelectorAll("svg:not([aria-hidden=true]), meter, [role=region], nav, section"))
    if (!label(e)) complain("has no name", e);
  for (const e of document.querySelectorAll("img")) if (!e.hasAttribute("alt")) complain("has no alt", e);
  for (const e of document.querySelectorAll("input, select, textarea")) if (!label(e) && !e.labels.length) complain("has no label", e);
  for (const e of document.querySelectorAll("svg:not([aria-hidden=true])")) if (e.getAttribute("role") !== "img") complain("is no image", e);
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  if (new Set(ids).size !== ids.length) complaints.push("an id stands twice");
  for (const e of document.querySelectorAll("a[href^='#']")) if (!document.getElementById(e.hash.slice(1))) complain("leads nowhere", e);
  for (const e of document.querySelectorAll("a, button, summary")) if (!e.textContent.trim() && !label(e)) complain("says nothing", e);

  // Tables: a caption, headers with a scope, and as many cells as columns.
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption || !table.caption.textContent.trim()) complain("has no caption", table);
    const columns = table.tHead.rows[0].cells.length;
    for (const e of table.tHead.rows[0].cells)
      if (e.tagName !== "TH" || e.scope !== "col" || !e.textContent.trim()) complain("is no header", e);
    for (const row of table.tBodies[0].rows) {
      if (row.cells[0].tagName !== "TH" || row.cells[0].scope !== "row") complain("has no row header", row);
      if (row.cells.length !== columns) complain("has not as many cells as columns", row);
    }
  }
  for (const e of document.querySelectorAll("*"))  // who scrolls must do so without a mouse
    if (e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.tabIndex < 0) complain("scrolls for mice only", e);
  if (document.documentElement.scrollWidth > innerWidth) complaints.push(`the page is wider than the window: ${document.documentElement.scrollWidth}`);
  return {complaints: complaints.slice(0, 20), texts, least: Number(least.toFixed(2))};
})()
