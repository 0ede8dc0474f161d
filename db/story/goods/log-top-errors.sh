#!/usr/bin/env bash
# What fails most, from JSON-lines logs: counts error messages with their numbers, ids and quoted texts taken out, so that
# "order 17 not found" and "order 99 not found" are one line.
#
#   log-top-errors.sh [-n COUNT] [FILE …]     (or standard input; .gz is read too)
#
# Reads .msg or .message where .level is "error", "fatal" or at least 50. Prints COUNT, FIRST, LAST, MESSAGE. Needs jq.
set -euo pipefail

count=20
while getopts "n:" option; do
	case $option in
		n) count=$OPTARG ;;
		*) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))

# A line that is no JSON is skipped: logs are cut in the middle by rotation.
zcat -f -- "${@:--}" | jq -rR '
	fromjson? | objects
	| select(.level as $l | ($l | type) == "number" and $l >= 50 or (["error", "fatal"] | index($l)) != null)
	| [(.time // .timestamp // .ts // "" | tostring), (.msg // .message // "" | tostring | split("\n")[0])]
	| .[1] |= (gsub("[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}"; "<id>") | gsub("\"[^\"]*\"|'"'[^']*'"'"; "<text>")
		| gsub("\\b[0-9a-fA-F]{12,}\\b"; "<id>") | gsub("[0-9]+"; "<n>"))
	| @tsv' |
	awk -F'\t' '
		{ seen[$2]++; if (!($2 in first)) first[$2] = $1; last[$2] = $1 }
		END { for (what in seen) printf "%7d  %s  %s  %s\n", seen[what], first[what], last[what], what }' |
	sort -rn | head -n "$count"
