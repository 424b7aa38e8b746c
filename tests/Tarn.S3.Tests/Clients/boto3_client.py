"""Drives a server with boto3. Arguments: endpoint, access key, secret, part (objects, presigned or sessions). Prints 'done'."""
import hashlib, io, os, ssl, sys, urllib.error, urllib.request, warnings
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, key, secret, part = sys.argv[1:5]
warnings.filterwarnings("ignore")
trust = ssl._create_unverified_context() if endpoint.startswith("https") else None


def client(service="s3", version=None, token=None, id=key, secret=secret):
    config = Config(signature_version=version, retries={"max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client(service, endpoint_url=endpoint, aws_access_key_id=id, aws_secret_access_key=secret, aws_session_token=token,
                        region_name="us-east-1", verify=False, config=config)


def refused(code, call):
    try:
        call()
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
        return error.response
    raise AssertionError(f"not refused, expected {code}")


def objects():
    s3 = client()
    s3.create_bucket(Bucket="first")
    assert [b["Name"] for b in s3.list_buckets()["Buckets"]].count("first") == 1
    body = os.urandom(300_000)
    for name in ["plain.txt", "a/b/c", "é ü+%41", "dots/../here", "double//slash", "slash/", "*?$"]:
        put = s3.put_object(Bucket="first", Key=name, Body=body, ContentType="text/x-tarn", Metadata={"who": "boto"})
        assert put["ETag"] == '"%s"' % hashlib.md5(body).hexdigest(), put
        assert "ChecksumCRC32" in put, put
        got = s3.get_object(Bucket="first", Key=name)
        assert got["Body"].read() == body and got["ContentType"] == "text/x-tarn" and got["Metadata"] == {"who": "boto"}
        head = s3.head_object(Bucket="first", Key=name)
        assert head["ContentLength"] == len(body) and head["ETag"] == put["ETag"]
        assert s3.get_object(Bucket="first", Key=name, Range="bytes=10-19")["Body"].read() == body[10:20]
        assert s3.get_object(Bucket="first", Key=name, Range="bytes=-5")["Body"].read() == body[-5:]
    for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]:
        try:
            put = s3.put_object(Bucket="first", Key="sum", Body=b"123456789", ChecksumAlgorithm=algorithm)
        except Exception as missing:
            assert "crt" in str(missing).lower(), missing
            continue
        head = s3.head_object(Bucket="first", Key="sum", ChecksumMode="ENABLED")
        assert head["Checksum" + algorithm] == put["Checksum" + algorithm] and head["ChecksumType"] == "FULL_OBJECT"
    listed = s3.list_objects_v2(Bucket="first", Prefix="a/", Delimiter="/")
    assert [p["Prefix"] for p in listed["CommonPrefixes"]] == ["a/b/"], listed
    s3.put_object(Bucket="first", Key="empty", Body=b"")
    assert s3.get_object(Bucket="first", Key="empty")["Body"].read() == b""
    refused("InvalidRange", lambda: s3.get_object(Bucket="first", Key="plain.txt", Range="bytes=300000-"))
    refused("NoSuchKey", lambda: s3.get_object(Bucket="first", Key="missing"))
    refused("404", lambda: s3.head_object(Bucket="first", Key="missing"))
    refused("NoSuchBucket", lambda: s3.put_object(Bucket="missing", Key="k", Body=b"x"))
    refused("PreconditionFailed", lambda: s3.put_object(Bucket="first", Key="plain.txt", Body=b"x", IfNoneMatch="*"))
    refused("PreconditionFailed", lambda: s3.get_object(Bucket="first", Key="plain.txt", IfMatch='"other"'))
    refused("304", lambda: s3.get_object(Bucket="first", Key="plain.txt", IfNoneMatch=head_tag(s3)))
    refused("XAmzContentChecksumMismatch", lambda: s3.put_object(Bucket="first", Key="bad", Body=b"x", ChecksumCRC32="AAAAAA=="))
    old = client(version="s3")
    old.put_object(Bucket="first", Key="é v2", Body=b"x")
    assert old.get_object(Bucket="first", Key="é v2")["Body"].read() == b"x" and old.list_objects(Bucket="first")["Contents"]
    old.create_bucket(Bucket="second")
    refused("SignatureDoesNotMatch", lambda: client(secret="wrong").list_buckets())
    refused("InvalidAccessKeyId", lambda: client(id="nobody").list_buckets())
    big = os.urandom(20_000_000)
    s3.upload_fileobj(io.BytesIO(big), "first", "big")
    into = io.BytesIO()
    s3.download_fileobj("first", "big", into)
    assert into.getvalue() == big
    assert s3.get_object(Bucket="first", Key="big", PartNumber=2)["PartsCount"] == 3
    s3.delete_object(Bucket="first", Key="plain.txt")
    refused("NoSuchKey", lambda: s3.get_object(Bucket="first", Key="plain.txt"))


def head_tag(s3):
    return s3.head_object(Bucket="first", Key="plain.txt")["ETag"]


def fetch(method, url, data=None, headers={}):
    with urllib.request.urlopen(urllib.request.Request(url, data=data, method=method, headers=headers), context=trust) as answer:
        return answer.status, answer.read(), dict(answer.headers)


def presigned():
    client().create_bucket(Bucket="first")
    for version in [None, "s3v4"]:
        s3 = client(version=version)
        put = s3.generate_presigned_url("put_object", Params={"Bucket": "first", "Key": "é ü+%41"}, ExpiresIn=60)
        assert fetch("PUT", put, b"presigned", {"Content-Type": ""})[0] == 200
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "first", "Key": "é ü+%41", "ResponseContentType": "a/b"}, ExpiresIn=60)
        assert ("X-Amz-Signature" in url) == (version == "s3v4"), url
        status, body, headers = fetch("GET", url)
        assert body == b"presigned" and headers["Content-Type"] == "a/b"
        try:
            fetch("GET", url.replace("%2541", "%2542"))
            raise AssertionError("a changed URL was accepted")
        except urllib.error.HTTPError as error:
            assert error.code == 403
        form = s3.generate_presigned_post("first", "form/${filename}", Conditions=[["content-length-range", 1, 10]], ExpiresIn=60)
        assert post(form, b"by a form") == 204
        assert s3.get_object(Bucket="first", Key="form/name.txt")["Body"].read() == b"by a form"
        assert post(form, b"more than ten bytes") == 400
        assert post({"url": form["url"], "fields": {**form["fields"], "acl": "private"}}, b"x") == 403


def post(form, content):
    parts = [f'--xx\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in form["fields"].items()]
    parts.append(b'--xx\r\nContent-Disposition: form-data; name="file"; filename="name.txt"\r\n\r\n' + content + b"\r\n--xx--\r\n")
    try:
        return fetch("POST", form["url"], b"".join(parts), {"Content-Type": "multipart/form-data; boundary=xx"})[0]
    except urllib.error.HTTPError as error:
        return error.code


def sessions():
    client().create_bucket(Bucket="first")
    tokens = client("sts")
    assert tokens.get_caller_identity()["Arn"].endswith(":root")
    session = tokens.get_session_token(DurationSeconds=900)["Credentials"]
    s3 = client(token=session["SessionToken"], id=session["AccessKeyId"], secret=session["SecretAccessKey"])
    s3.put_object(Bucket="first", Key="k", Body=b"x")
    refused("InvalidToken", lambda: client(id=session["AccessKeyId"], secret=session["SecretAccessKey"]).list_buckets())
    refused("InvalidClientTokenId", lambda: client("sts", id="nobody").get_caller_identity())


{"objects": objects, "presigned": presigned, "sessions": sessions}[part]()
print("done")
