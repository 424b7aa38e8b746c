// AWS SDK for JavaScript v3 with its defaults. Arguments: endpoint, access key, secret; NODE_EXTRA_CA_CERTS names the authority to trust. Prints 'done'.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import * as sdk from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const [endpoint, accessKeyId, secretAccessKey] = process.argv.slice(2);
const s3 = new sdk.S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
const Bucket = 'aws-sdk-js';
const read = async answer => Buffer.from(await answer.Body.transformToByteArray());
await s3.send(new sdk.CreateBucketCommand({ Bucket }));
await s3.send(new sdk.PutObjectCommand({ Bucket, Key: 'a/é ü+%41', Body: 'text', Metadata: { who: 'sdk' } }));
const got = await s3.send(new sdk.GetObjectCommand({ Bucket, Key: 'a/é ü+%41' }));
assert.equal((await read(got)).toString(), 'text');
assert.deepEqual(got.Metadata, { who: 'sdk' });
// A stream goes out as an unsigned body with a trailer, also without TLS.
await s3.send(new sdk.PutObjectCommand({ Bucket, Key: 'a/stream', Body: Readable.from([Buffer.from('one'), Buffer.from('two')]), ContentLength: 6 }));
const big = randomBytes(12_000_000);
await new Upload({ client: s3, params: { Bucket, Key: 'big', Body: big } }).done();
assert.ok((await read(await s3.send(new sdk.GetObjectCommand({ Bucket, Key: 'big' })))).equals(big));
assert.ok((await read(await s3.send(new sdk.GetObjectCommand({ Bucket, Key: 'big', Range: 'bytes=10-19' })))).equals(big.subarray(10, 20)));
const listed = await s3.send(new sdk.ListObjectsV2Command({ Bucket, Delimiter: '/' }));
assert.deepEqual([listed.Contents.map(o => o.Key), listed.CommonPrefixes.map(p => p.Prefix)], [['big'], ['a/']]);
const url = await getSignedUrl(s3, new sdk.GetObjectCommand({ Bucket, Key: 'a/stream' }), { expiresIn: 60 });
assert.equal(await (await fetch(url)).text(), 'onetwo');
const put = await getSignedUrl(s3, new sdk.PutObjectCommand({ Bucket, Key: 'presigned' }), { expiresIn: 60 });
assert.equal((await fetch(put, { method: 'PUT', body: 'by a URL' })).status, 200);
await s3.send(new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/presigned` }));
await assert.rejects(s3.send(new sdk.GetObjectCommand({ Bucket, Key: 'none' })), { name: 'NoSuchKey' });
const keys = (await s3.send(new sdk.ListObjectsV2Command({ Bucket }))).Contents.map(o => ({ Key: o.Key }));
assert.equal((await s3.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects: keys } }))).Deleted.length, 5);
await s3.send(new sdk.DeleteBucketCommand({ Bucket }));
console.log('done');
