#!/bin/sh
# Fails when a page of the site in $1 links to a page that is not there, or holds unfinished text.
set -eu
site=$1
failed=0
for page in "$site"/*.html; do
  for target in $(sed -n 's|.*href="\([^"]*\.html\)".*|\1|p' "$page"); do
    if [ ! -f "$site/$target" ]; then
      echo "FAIL $(basename "$page"): the link to $target leads nowhere"
      failed=1
    fi
  done
  if grep -q "TODO" "$page"; then
    echo "FAIL $(basename "$page"): unfinished text"
    failed=1
  fi
  echo "checked $(basename "$page")"
done
exit $failed
