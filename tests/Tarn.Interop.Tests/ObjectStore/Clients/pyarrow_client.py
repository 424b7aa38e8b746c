"""PyArrow's S3FileSystem: every file is a multipart upload, also one of 900 bytes. Arguments: endpoint, access key, secret, authority to trust or nothing. Prints 'done'."""
import os, sys
import pyarrow as pa
import pyarrow.fs as fs
import pyarrow.parquet as pq

endpoint, key, secret, authority = sys.argv[1:5]
s3 = fs.S3FileSystem(access_key=key, secret_key=secret, endpoint_override=endpoint.split("//")[1], scheme=endpoint.split(":")[0], tls_ca_file_path=authority or None, region="us-east-1", allow_bucket_creation=True, allow_bucket_deletion=True)
s3.create_dir("pyarrow")
big = os.urandom(12_000_000)
for name, content in (("pyarrow/dir/small", b"x" * 900), ("pyarrow/dir/empty", b""), ("pyarrow/big", big)):
    with s3.open_output_stream(name) as out:
        out.write(content)
    with s3.open_input_stream(name) as source:
        assert source.read() == content, name
with s3.open_input_file("pyarrow/big") as source:
    source.seek(5_000_000)
    assert source.read(100) == big[5_000_000:5_000_100]
table = pa.table({"n": list(range(10_000)), "s": [str(n) for n in range(10_000)]})
pq.write_table(table, "pyarrow/t/part.parquet", filesystem=s3)
assert pq.read_table("pyarrow/t/part.parquet", filesystem=s3).equals(table)
found = s3.get_file_info(fs.FileSelector("pyarrow", recursive=True))
assert sorted(f.path for f in found if f.type == fs.FileType.File) == ["pyarrow/big", "pyarrow/dir/empty", "pyarrow/dir/small", "pyarrow/t/part.parquet"], found
assert s3.get_file_info("pyarrow/none").type == fs.FileType.NotFound
s3.copy_file("pyarrow/big", "pyarrow/copy")
s3.move("pyarrow/copy", "pyarrow/moved")
assert s3.get_file_info("pyarrow/moved").size == len(big)
s3.delete_dir("pyarrow/dir")
s3.delete_dir_contents("pyarrow")
assert s3.get_file_info(fs.FileSelector("pyarrow", recursive=True)) == []
s3.delete_dir("pyarrow")
print("done")
