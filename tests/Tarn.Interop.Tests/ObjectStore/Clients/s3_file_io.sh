# Runs S3FileIoScenario.java. Arguments: endpoint, folder of the peers, script, certificate of the server or nothing. Janino compiles it, so a Java without
# its compiler is enough.
set -eu
peers=$2 script=$3 certificate=${4:-} trust=
jars=$("$peers/java/unpack.sh")/rck
own=$("$peers/spark/unpack.sh")/lib
if [ -n "$certificate" ]; then
  keytool -importcert -noprompt -alias tarn -file "$certificate" -keystore trust.p12 -storetype PKCS12 -storepass changeit >&2 2>&1
  trust="-Djavax.net.ssl.trustStore=$PWD/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit"
fi
janino=$(printf '%s:' "$own"/janino-*.jar "$own"/commons-compiler-*.jar)
# shellcheck disable=SC2086
exec java -Xmx512m -XX:+UseSerialGC -Dfile.encoding=UTF-8 $trust -cp "$jars/*:$janino" \
  org.codehaus.janino.SimpleCompiler "$script" S3FileIoScenario "$1" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
