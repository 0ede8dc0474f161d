#!/usr/bin/env bash
# How many days the TLS certificates of some hosts are still good for.
#
#   cert-expiry.sh [-w DAYS] host[:port] …        (or one a line on standard input)
#
# Prints "DAYS HOST:PORT EXPIRY ISSUER", the soonest first. Exit code 0: all good; 1: one is due within -w days
# (default 21); 2: one could not be read, or the arguments are wrong. Needs openssl, timeout, and GNU or BSD date.
set -uo pipefail

warn=21
while getopts "w:h" option; do
	case $option in
		w) warn=$OPTARG ;;
		*) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $warn =~ ^[0-9]+$ ]] || { echo "-w takes a number of days" >&2; exit 2; }

seconds() { # of a date as openssl writes it
	date -u -d "$1" +%s 2>/dev/null || date -u -j -f "%b %e %T %Y %Z" "$1" +%s
}

look() {
	local host=${1%%:*} port=443 text expiry issuer
	[[ $1 == *:* ]] && port=${1##*:}
	# The name is sent too: a server of many sites answers with the certificate of that one.
	text=$(timeout 10 openssl s_client -connect "$host:$port" -servername "$host" </dev/null 2>/dev/null |
		openssl x509 -noout -enddate -issuer -nameopt RFC2253 2>/dev/null) || {
		echo "? $host:$port could not be read"
		return 2
	}
	expiry=$(sed -n 's/^notAfter=//p' <<<"$text")
	issuer=$(sed -n 's/^issuer=.*CN=\([^,]*\).*/\1/p' <<<"$text")
	local days=$((($(seconds "$expiry") - $(date -u +%s)) / 86400))
	printf '%d %s:%s %s %s\n' "$days" "$host" "$port" "$(date -u -d "$expiry" +%F 2>/dev/null || echo "$expiry")" "$issuer"
	((days > warn))
}

hosts=("$@")
((${#hosts[@]})) || mapfile -t hosts < <(grep -Ev '^[[:space:]]*(#|$)')
worst=0
lines=$(
	for host in "${hosts[@]}"; do
		look "$host"
		echo "exit $?"
	done
)
grep -q '^exit 1$' <<<"$lines" && worst=1
grep -q '^exit 2$' <<<"$lines" && worst=2
grep -v '^exit ' <<<"$lines" | sort -n
exit "$worst"
