#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/slurm-audit: on a Slurm of one node of its own where slurmctld, slurmd and munged are installed, and with an
# `sbatch` that runs jobs at once everywhere.
#   slurm_audit.sh DIR_OF_COMMAND real|stub
# Exit code 77: real, and there is no Slurm, or this user may not start one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
script=$here/../../scripts/slurm-audit
kind=$2
if [[ $kind == real ]]; then
  for program in slurmctld slurmd munged sbatch; do
    if ! PATH="$PATH:/usr/sbin:/sbin" command -v $program > /dev/null; then
      echo "SKIPPED: there is no $program (Debian: slurmctld slurmd munge)" >&2
      exit 77
    fi
  done
  [[ $EUID -eq 0 ]] || { echo 'SKIPPED: slurmd is started as root' >&2 && exit 77; }
  # Both daemons listen on every address: in a network of their own nobody else reaches them.
  if [[ -z ${SLURM_AUDIT_ALONE-} ]]; then
    unshare --net true 2> /dev/null || { echo 'SKIPPED: no network namespace may be made here' >&2 && exit 77; }
    SLURM_AUDIT_ALONE=1 exec unshare --net "$0" "$@"
  fi
  # The loopback comes up, with an address that the resolver takes for one of a network; without any it resolves nothing.
/usr/bin/python3 - << 'END' || fail 'the loopback does not come up'
import fcntl, socket, struct
link = socket.socket()
fcntl.ioctl(link, 0x8914, struct.pack("16sh22x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
address = struct.pack("16sHH4s16x", b"lo:1", socket.AF_INET, 0, socket.inet_aton("10.255.255.1"))
fcntl.ioctl(link, 0x8916, address)  # SIOCSIFADDR
END
fi

# shellcheck source=/dev/null
. "$here/office.sh"
scratch_with "$1"
scratch=$PWD

# A name that a careless script would take apart.
file="$PWD/a file; with \$(words).bin"
/usr/bin/python3 -c 'import hashlib, sys; sys.stdout.buffer.write(hashlib.shake_256(b"slurm").digest(620003))' > "$file"
audit_options=(--suite "sp800-22,fips140-2,pooled,ent" --sequence-bits 80K)
lightseed audit "$file" "${audit_options[@]}" --json > whole.json

if [[ $kind == stub ]]; then
  # Jobs run where they are submitted, one after the other; a dependency is on one that was.
  mkdir bin
  cat > bin/sbatch << 'STUB'
#!/usr/bin/env bash
set -euo pipefail
echo "$*" >> "$STUB_LOG"
array=
for word; do
  case $word in
    --array=*) array=${word#--array=} ;;
    --dependency=afterok:*) [[ -e $STUB_LOG.job${word#--dependency=afterok:} ]] || exit 1 ;;
  esac
done
job=$(wc -l < "$STUB_LOG")
if [[ -n $array ]]; then
  for ((k = ${array%-*}; k <= ${array#*-}; ++k)); do SLURM_ARRAY_TASK_ID=$k bash "${!#}" > /dev/null; done
else
  bash "${!#}"
fi
touch "$STUB_LOG.job$job"
echo "$job;cluster"
STUB
  chmod +x bin/sbatch
  PATH="$PWD/bin:$PATH"
  export STUB_LOG=$PWD/submitted
  "$script" --shards 5 --dir out --sbatch --partition=long "$file" "${audit_options[@]}" > said.out 2> said.err
  grep -qx 'merge: job 2' said.out || fail "no number of the merge job: $(cat said.out)"
  cmp whole.json out/audit.json || fail 'the merged audit is not that of the whole file'
  [[ $(head -1 submitted) == *--requeue*--array=1-5*--partition=long* ]] || fail "submitted: $(cat submitted)"
  [[ $(tail -1 submitted) == *--dependency=afterok:1*--kill-on-invalid-dep=yes*--partition=long* ]] || fail "submitted: $(cat submitted)"
  [[ -s out/audit.html ]] || fail 'there is no page'
  # A task that comes again finds its part and leaves it.
  before=$(sha256sum out/part-3.json)
  SLURM_ARRAY_TASK_ID=3 bash out/shard.sh
  [[ $before == "$(sha256sum out/part-3.json)" ]] || fail 'a requeued task made its part anew'
  expect 1 'File exists' "$script" --shards 5 --dir out "$file"
  expect 2 '--shards N' "$script" --shards 0 --dir new "$file"
  expect 4 'no regular file' "$script" --shards 2 --dir new missing.bin
  exit 0
fi

PATH="$PATH:/usr/sbin:/sbin"
cluster=$PWD/cluster
mkdir -p "$cluster/state" "$cluster/spool"
stop_cluster() {
  for pid in slurmd slurmctld munged; do
    [[ -s $cluster/$pid.pid ]] || continue
    daemon=$(cat "$cluster/$pid.pid")
    # They write until they end; what they write in goes then.
    kill "$daemon" 2> /dev/null || continue
    while kill -0 "$daemon" 2> /dev/null; do sleep 0.1; done
  done
  rm -rf "$scratch"
}
trap stop_cluster EXIT
head -c 1024 /dev/urandom > "$cluster/munge.key"
chmod 0700 "$cluster"
munged --key-file="$cluster/munge.key" --socket="$cluster/munge" --pid-file="$cluster/munged.pid" \
  --log-file="$cluster/munged.log" --seed-file="$cluster/munge.seed" --force
node=$(hostname -s)
cat > "$cluster/slurm.conf" << CONF
ClusterName=ls
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=$cluster/munge
CryptoType=crypto/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 Sockets=1 CoresPerSocket=2 ThreadsPerCore=1 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$cluster/slurm.conf
slurmctld -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF"
LIGHTSEED=$(command -v lightseed) "$script" --shards 5 --dir out "$file" "${audit_options[@]}" > said.out
# The merge job has its code when it has ended; ctest ends what hangs.
job=$(sed -n 's/^merge: job //p' said.out)
until state=$(scontrol show job "$job" | grep -oE 'JobState=[A-Z]+' | head -1) && [[ $state =~ COMPLETED|FAILED|CANCELLED ]]; do
  sleep 0.5
done
[[ $state == JobState=COMPLETED ]] || fail "the merge job: $state: $(cat out/*.log)"
cmp whole.json out/audit.json || fail 'the merged audit is not that of the whole file'
