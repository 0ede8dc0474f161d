#!/usr/bin/env bash
# Nightly dumps of one PostgreSQL database: written whole or not at all, read back, thinned out by age.
#
#   pg-backup.sh DATABASE-URL FOLDER
#
# Keeps the newest dump of each of the last 7 days, 5 weeks and 12 months. Prints one line; exit code 0 only when the new
# dump is in place and its table of contents could be read. For cron:  17 2 * * *  pg-backup.sh "$URL" /backups/shop
# Needs pg_dump and pg_restore of at least the server's version. Restore: pg_restore --clean --if-exists -d URL FILE
set -euo pipefail

url=${1:?"usage: $0 DATABASE-URL FOLDER"}
folder=${2:?"usage: $0 DATABASE-URL FOLDER"}
mkdir -p "$folder"

# Two at once would thin out each other's files; the second one gives up.
exec 9>"$folder/.lock"
flock -n 9 || { echo "another backup into $folder is running" >&2; exit 75; }

name=$(date -u +%Y-%m-%dT%H%M%SZ).dump
draft=$folder/.$name.part
trap 'rm -f "$draft"' EXIT
umask 077
pg_dump --format=custom --compress=6 --no-password --file="$draft" "$url"
tables=$(pg_restore --list "$draft" | grep -c ' TABLE DATA ' || true)
((tables > 0)) || { echo "the dump of $(date -u +%F) has no table in it" >&2; exit 1; }
sync "$draft"
mv "$draft" "$folder/$name"

# The newest of each day, week and month that still counts is kept; everything else that we wrote goes.
declare -A days=() weeks=() months=()
removed=0
while read -r file; do
	day=${file:0:10}
	week=$(date -u -d "$day" +%G-W%V)
	month=${day:0:7}
	keep=no
	[[ -z ${days[$day]:-} ]] && ((${#days[@]} < 7)) && { days[$day]=1; keep=yes; }
	[[ -z ${weeks[$week]:-} ]] && ((${#weeks[@]} < 5)) && { weeks[$week]=1; keep=yes; }
	[[ -z ${months[$month]:-} ]] && ((${#months[@]} < 12)) && { months[$month]=1; keep=yes; }
	if [[ $keep == no ]]; then
		rm -- "$folder/$file"
		removed=$((removed + 1))
	fi
done < <(find "$folder" -maxdepth 1 -type f -name '????-??-??T??????Z.dump' -printf '%f\n' | sort -r)

echo "$folder/$name: $(stat -c %s "$folder/$name") bytes, $tables tables; $removed older dumps removed"
