#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Measures a reconciler in the kernel it runs in, and prints lines of JSON: the first names the kernel and the JDK, the
# second is what ipvsadm takes here, so that figures of other machines can be compared, the third a small run, whose heap
# tells what does not grow with the Services, the fourth what a first process does, the fifth the restart of another one
# that finds its state. script/bench reconciler starts it in the lab, with a boot for each size. The JVM is started as the start script of kube-proxy starts it, with an archive of classes; more options
# are taken from KUBE_PROXY_JAVA_OPTS.
#
#   reconciler.sh JAVA JAR SERVICES [OPTIONS OF ReconcilerLoad]
set -euo pipefail

java=$1 jar=$2 services=$3
shift 3
start=$(dirname "$(readlink -f "$0")")/../../../../kube-proxy/src/main/dist/bin/kube-proxy

# What the start script takes for Java puts the program that measures in the place of kube-proxy.
home=$(mktemp -d)
mkdir "$home/bin"
release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
[[ ! -e $release ]] || cp "$release" "$home"
cat >"$home/bin/java" <<END
#!/bin/bash
[[ \$1 != -version ]] || exec "$java" -version
flags=()
while [[ \$1 != -cp ]]; do
    flags+=("\$1")
    shift
done
exec "$java" "\${flags[@]}" -cp "$jar" io.github.ipvs4j.benchmarks.ReconcilerLoad "\${@:4}"
END
chmod +x "$home/bin/java"

# load SERVICES [OPTIONS...]
load() {
    JAVA_HOME=$home KUBE_PROXY_CLASS_ARCHIVE=$home/classes "${namespace[@]}" "$start" "$1" 8 "${@:2}"
}

version=$("$java" -version 2>&1 | sed -n 's/.*Runtime Environment.*build \(.*\)).*/\1/p')
printf '{"kernel": "%s", "jdk": "%s"}\n' "$(cat /proc/sys/kernel/osrelease)" "$version"
fresh() {
    ip netns add "$1"
    ip -n "$1" link set lo up
}

# yardstick SERVICES DESTINATIONS: milliseconds of ipvsadm -R.
yardstick() {
    awk -v services="$1" -v destinations="$2" 'BEGIN {
        for (i = 0; i < services; i++) {
            service = "-t 10." 96 + int(i / 65536) "." int(i / 256) % 256 "." i % 256 ":80"
            print "-A", service, "-s rr"
            for (j = 0; j < destinations; j++)
                print "-a", service, "-r 10.1." int(i / 256) "." i % 256 ":" 8000 + j, "-m -w 1"
        }
    }' >"$home/table"
    fresh yardstick
    # shellcheck disable=SC2016 # taken inside, so that entering the namespace is not counted
    ip netns exec yardstick bash -c 'start=$EPOCHREALTIME; ipvsadm -R <"$0"; echo "$start $EPOCHREALTIME"' "$home/table" |
        awk '{ printf "%.0f", ($2 - $1) * 1000 }'
    ip netns exec yardstick ipvsadm -C
}

printf '{"yardstick": %s}\n' "$(yardstick 2000 10)"
# First what kube-proxy --once does on a node with 1,000 Services, so that the kernel has loaded its modules, as on a node
# that has been running, and the JVM leaves an archive of its classes; then few Services. In namespaces of their own:
# what they delete lingers in the kernel, and is searched for each new destination.
fresh trained
fresh small
namespace=(ip netns exec trained)
load 1000 "$@" --once >/dev/null 2>&1
namespace=(ip netns exec small)
small=$(load 20 "$@" 2>/dev/null)
namespace=()
printf '{"small": %s}\n' "$(grep '^{' <<<"$small")"
load "$services" "$@"
load "$services" "$@" --restart
