namespace Tarn.Storage.Buckets.Records;

/// <summary>Uploads and their parts as bytes. Key, upload id and part number stand in the index key.</summary>
internal static class UploadCodec
{
    private const ulong Format = 1;

    public static byte[] Write(UploadRecord upload)
    {
        var writer = new RecordWriter();
        writer.Number(Format);
        writer.Time(upload.Initiated);
        writer.Number(upload.ChecksumAlgorithm is { } algorithm ? (ulong)algorithm + 1 : 0);
        writer.Number(upload.IsChecksumComposite ? 1UL : 0);
        writer.Text(upload.Commit.Owner);
        writer.Pairs(upload.Commit.Headers);
        writer.Pairs(upload.Commit.UserMetadata);
        writer.Pairs(upload.Commit.Tags);
        writer.Retention(upload.Commit.Retention);
        writer.Number(upload.Commit.HasLegalHold ? 1UL : 0);
        return writer.ToArray();
    }

    public static UploadRecord Read(string key, string uploadId, ReadOnlySpan<byte> value)
    {
        var reader = new RecordReader(value);
        reader.RequireFormat(Format);
        var initiated = reader.Time();
        ulong algorithm = reader.Number();
        bool isComposite = reader.Number() == 1;
        var commit = new ObjectCommit(key)
        {
            Owner = reader.Text(),
            Headers = reader.Pairs(ObjectRecord.NoHeaders),
            UserMetadata = reader.Pairs(ObjectRecord.NoHeaders),
            Tags = reader.Pairs(ObjectRecord.NoTags),
            Retention = reader.Retention(),
            HasLegalHold = reader.Number() == 1,
        };
        return new UploadRecord(uploadId, initiated, commit)
        {
            ChecksumAlgorithm = algorithm == 0 ? null : (ChecksumAlgorithm)(algorithm - 1),
            IsChecksumComposite = isComposite,
        };
    }

    public static byte[] WritePart(StoredPart stored)
    {
        var writer = new RecordWriter();
        writer.Number(Format);
        writer.Number((ulong)stored.Part.SizeBytes);
        writer.Text(stored.Part.ETag);
        writer.Time(stored.Part.LastModified);
        writer.Checksums(stored.Part.Checksums);
        writer.Number(stored.FileId);
        writer.Number(stored.Crc32C);
        return writer.ToArray();
    }

    public static StoredPart ReadPart(int number, ReadOnlySpan<byte> value)
    {
        var reader = new RecordReader(value);
        reader.RequireFormat(Format);
        long size = (long)reader.Number();
        string etag = reader.Text();
        var modified = reader.Time();
        var part = new UploadPart(number, size, etag, modified, reader.Checksums());
        ulong fileId = reader.Number();
        return new StoredPart(part, fileId, (uint)reader.Number());
    }
}
