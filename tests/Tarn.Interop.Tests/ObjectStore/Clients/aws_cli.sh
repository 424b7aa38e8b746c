# aws-cli. Arguments: endpoint, authority to trust or nothing. The key is in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Prints 'done'.
set -euo pipefail
endpoint=$1 authority=$2
run() { aws --endpoint-url "$endpoint" ${authority:+--ca-bundle "$authority"} --region us-east-1 "$@"; }
head -c 12000000 /dev/urandom >big
printf text >small
run s3 mb s3://aws-cli >/dev/null
run s3 cp --only-show-errors big s3://aws-cli/big
run s3 cp --only-show-errors small 's3://aws-cli/a/é ü+%41'
run s3 cp --only-show-errors s3://aws-cli/big back && cmp big back
[ "$(run s3 cp 's3://aws-cli/a/é ü+%41' -)" = text ]
run s3api get-object --bucket aws-cli --key big --range bytes=10-19 part >/dev/null
cmp part <(tail -c +11 big | head -c 10)
mkdir -p tree/sub && printf 1 >tree/one && printf 2 >tree/sub/two
run s3 sync --only-show-errors tree s3://aws-cli/tree
[ "$(run s3 ls --recursive s3://aws-cli/ | wc -l)" -eq 4 ]
url=$(run s3 presign s3://aws-cli/tree/one)
[ "$(SSL_CERT_FILE=$authority python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())' "$url")" = 1 ]
run s3 rm --only-show-errors --recursive s3://aws-cli/
run s3 rb s3://aws-cli >/dev/null
echo done
