#!/bin/sh
# Makes dist/NAME.html of each pages/NAME.txt: the first line is the title, a line "-> name" is a link, "" ends a paragraph.
set -eu
mkdir -p dist/assets
cp style.css dist/assets/style.css
for page in pages/*.txt; do
  name=$(basename "$page" .txt)
  title=$(head -n 1 "$page")
  {
    echo "<!doctype html>"
    echo "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>$title · $SITE_NAME</title>"
    echo "<link rel=\"stylesheet\" href=\"assets/style.css\"></head><body><main>"
    echo "<h1>$title</h1>"
    tail -n +2 "$page" | sed -e 's|^-> \(.*\)$|<p><a href="\1.html">\1</a></p>|' -e '/^[^<]/s|^\(.*\)$|<p>\1</p>|'
    echo "</main></body></html>"
  } > "dist/$name.html"
  echo "made dist/$name.html"
done
