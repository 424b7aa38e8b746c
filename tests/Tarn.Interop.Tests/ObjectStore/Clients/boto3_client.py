"""boto3 with its defaults. Arguments: endpoint, access key, secret, authority to trust or nothing. Prints 'done'."""
import io, os, ssl, sys, urllib.request
import boto3

endpoint, key, secret, authority = sys.argv[1:5]
s3 = boto3.client("s3", endpoint_url=endpoint, aws_access_key_id=key, aws_secret_access_key=secret, region_name="eu-central-1", verify=authority or None)
bucket = "boto3-tls" if endpoint.startswith("https") else "boto3"
s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == "eu-central-1"
small, big = b"x" * 1000, os.urandom(20_000_000)
put = s3.put_object(Bucket=bucket, Key="a/é ü+%41", Body=small)
assert "ChecksumCRC32" in put, put
assert s3.get_object(Bucket=bucket, Key="a/é ü+%41")["Body"].read() == small
s3.put_object(Bucket=bucket, Key="a/stream", Body=io.BytesIO(small))
s3.upload_fileobj(io.BytesIO(big), bucket, "big")
into = io.BytesIO()
s3.download_fileobj(bucket, "big", into)
assert into.getvalue() == big
head = s3.head_object(Bucket=bucket, Key="big", ChecksumMode="ENABLED")
assert head["ETag"].endswith('-3"') and "ChecksumCRC32" in head, head
assert s3.get_object(Bucket=bucket, Key="big", Range="bytes=100-199")["Body"].read() == big[100:200]
assert s3.get_object(Bucket=bucket, Key="big", PartNumber=2)["PartsCount"] == 3
assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket, Prefix="a/")["Contents"]] == ["a/stream", "a/é ü+%41"]
for expires in (60, 600):
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a/stream"}, ExpiresIn=expires),
                                context=ssl.create_default_context(cafile=authority) if authority else None) as answer:
        assert answer.read() == small
s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
first = s3.put_object(Bucket=bucket, Key="v", Body=b"1")["VersionId"]
s3.put_object(Bucket=bucket, Key="v", Body=b"2")
s3.delete_object(Bucket=bucket, Key="v")
assert s3.get_object(Bucket=bucket, Key="v", VersionId=first)["Body"].read() == b"1"
listed = s3.list_object_versions(Bucket=bucket)
everything = [{"Key": o["Key"], "VersionId": o["VersionId"]} for o in listed["Versions"] + listed["DeleteMarkers"]]
assert len(everything) == 6, everything
gone = s3.delete_objects(Bucket=bucket, Delete={"Objects": everything + [{"Key": "never/was/"}]})
assert len(gone["Deleted"]) == 7 and "Errors" not in gone, gone
listed = s3.list_object_versions(Bucket=bucket)
s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": o["Key"], "VersionId": o["VersionId"]} for o in listed.get("DeleteMarkers", [])], "Quiet": True})
s3.delete_bucket(Bucket=bucket)
print("done")
