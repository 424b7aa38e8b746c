# s3cmd. Arguments: endpoint, authority to trust or nothing. The key is in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Prints 'done'.
set -euo pipefail
host=${1#*://} authority=$2
config=/dev/null tls=--no-ssl
if [ -n "$authority" ]; then
  # Only a file can ask for https in shared links.
  printf '[default]\nsignurl_use_https = True\n' >s3cmd.cfg
  config=s3cmd.cfg tls="--ssl --ca-certs=$authority"
fi
run() {
  # shellcheck disable=SC2086
  s3cmd --config="$config" --no-progress $tls --host="$host" --host-bucket="$host" --region=us-east-1 \
    --access_key="$AWS_ACCESS_KEY_ID" --secret_key="$AWS_SECRET_ACCESS_KEY" "$@"
}
head -c 12000000 /dev/urandom >big
printf text >small
run mb s3://s3cmd
run put --multipart-chunk-size-mb=5 big s3://s3cmd/big
run put small 's3://s3cmd/a/é ü+%41'
run get --force s3://s3cmd/big back && cmp big back
run get --force 's3://s3cmd/a/é ü+%41' back && cmp small back
mkdir -p tree/sub && printf 1 >tree/one && printf 2 >tree/sub/two
run sync tree/ s3://s3cmd/tree/
[ "$(run ls --recursive s3://s3cmd/ | wc -l)" -eq 4 ]
url=$(run signurl s3://s3cmd/tree/one +60)
[ "$(SSL_CERT_FILE=$authority python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())' "$url")" = 1 ]
run setacl --acl-public s3://s3cmd/tree/one
[ "$(SSL_CERT_FILE=$authority python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())' "$1/s3cmd/tree/one")" = 1 ]
run cp s3://s3cmd/big s3://s3cmd/copy
run del --recursive --force s3://s3cmd/
run rb s3://s3cmd
echo done
