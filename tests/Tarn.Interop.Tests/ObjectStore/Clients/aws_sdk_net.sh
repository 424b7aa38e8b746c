# AWS SDK for .NET, as Tarn's own commands use it. Arguments: endpoint, authority to trust or nothing. The key is in AWS_ACCESS_KEY_ID and
# AWS_SECRET_ACCESS_KEY. Prints 'done'.
set -euo pipefail
export AWS_ENDPOINT_URL=$1
# .NET reads the authorities to trust from here, where they are files.
if [ -n "$2" ]; then export SSL_CERT_FILE=$2; fi
head -c 20000000 /dev/urandom >big
printf text >small
tarn s3 mb s3://sdk-net
tarn s3 cp big s3://sdk-net/big
tarn s3 cp small 's3://sdk-net/a/é ü+%41'
tarn s3 cp s3://sdk-net/big back && cmp big back
[ "$(tarn s3 cat 's3://sdk-net/a/é ü+%41')" = text ]
mkdir -p tree/sub && printf 1 >tree/one && printf 2 >tree/sub/two
tarn s3 sync tree s3://sdk-net/tree
[ "$(tarn s3 ls -r s3://sdk-net --format ndjson | wc -l)" -eq 4 ]
[ "$(python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())' "$(tarn s3 presign s3://sdk-net/tree/one)")" = 1 ]
tarn s3 mv s3://sdk-net/big s3://sdk-net/moved
tarn s3 rm -r s3://sdk-net
tarn s3 rb s3://sdk-net
echo done
