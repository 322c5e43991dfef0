# Names and messages come from strangers: in a page they are text, on a terminal they are shown, not obeyed.
printf '%s\n' '{"type":"check","v":1,"check":"c","target":"<script>alert(1)</script>\u001b[2J\u202egnp\n\"","state":"critical","message":"a & b <b>"}' >in
tow-report --format text --width 70 in
tow-report in | grep -c '<script\|<b>'
tow-report in | grep -o '&lt;script&gt;alert(1)&lt;/script&gt;[^<]*' | sort -u
tow-report in | grep -o "http-equiv=[^>]*"
