# rclone. Arguments: endpoint, authority to trust or nothing. The key is in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Prints 'done'.
set -euo pipefail
unset AWS_CA_BUNDLE
export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_TARN_TYPE=s3 RCLONE_CONFIG_TARN_PROVIDER=Other RCLONE_CONFIG_TARN_ENV_AUTH=true RCLONE_CONFIG_TARN_ENDPOINT=$1
authority=$2
run() { rclone --quiet ${authority:+--ca-cert "$authority"} --s3-chunk-size 5M --s3-upload-cutoff 6M "$@"; }
mkdir -p tree/sub && printf 1 >tree/one && printf 2 >'tree/sub/é ü+%41' && head -c 12000000 /dev/urandom >tree/big
run mkdir tarn:rclone
run copy tree tarn:rclone/tree
run check tree tarn:rclone/tree
[ "$(run cat --offset 10 --count 10 tarn:rclone/tree/big | od -c)" = "$(tail -c +11 tree/big | head -c 10 | od -c)" ]
rm tree/one
run sync tree tarn:rclone/tree
[ "$(run lsf --recursive --files-only tarn:rclone | sort | tr '\n' ' ')" = 'tree/big tree/sub/é ü+%41 ' ]
url=$(run link --expire 1m tarn:rclone/tree/big)
SSL_CERT_FILE=$authority python3 -c 'import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1]).read())' "$url" | cmp - tree/big
run moveto tarn:rclone/tree/big tarn:rclone/moved
run purge tarn:rclone
echo done
