#!/bin/sh
# Who listens on a TCP port: process, user, since when, command, and what started it.  who-has-port.sh 3000
# Linux, needs ss (iproute2). Without root it names only your own processes. Exit code 1: nobody listens.
port=${1:?"usage: $0 PORT"}
found=$(ss -Hltnp "sport = :$port")
[ -n "$found" ] || { echo "nobody listens on $port"; exit 1; }
pids=$(printf '%s\n' "$found" | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -un)
[ -n "$pids" ] || { echo "somebody else's process listens on $port: run this as root"; exit 0; }
for pid in $pids; do
	ps -o pid=,user=,lstart=,args= -p "$pid"
	unit=$(grep -o '[^/]*\.\(service\|scope\)' "/proc/$pid/cgroup" 2>/dev/null | tail -1)
	[ -n "$unit" ] && echo "    unit: $unit"
	echo "    folder: $(readlink "/proc/$pid/cwd" 2>/dev/null || echo '?')"
	parent=$(ps -o ppid= -p "$pid" | tr -d ' ')
	[ "$parent" -gt 1 ] && echo "    started by: $(ps -o pid=,args= -p "$parent")"
done
