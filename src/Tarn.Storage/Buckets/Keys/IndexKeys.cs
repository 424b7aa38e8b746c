using System.Buffers.Binary;
using System.Text;

namespace Tarn.Storage.Buckets.Keys;

/// <summary>
/// Keys of the index. A letter says of what, then come the bucket, a zero, and what follows. Keys of objects are written so that any bytes sort as they
/// are and none is the beginning of another: zero becomes 00 FF, and 00 01 ends it. Behind it stands the inverted sequence number, so that the newest
/// version comes first.
/// </summary>
internal static class IndexKeys
{
    private const byte BucketKind = (byte)'b', ObjectKind = (byte)'o', PartKind = (byte)'p', SettingKind = (byte)'s', UploadKind = (byte)'u', UsageKind = (byte)'c', CompletedKind = (byte)'d';
    private const byte Escaped = 0xFF, End = 0x01;

    /// <summary>What ends a key inside an index key.</summary>
    public static ReadOnlySpan<byte> KeyEnd => [0, End];

    public static byte[] Buckets { get; } = [BucketKind];

    public static byte[] Bucket(string bucket) => [BucketKind, .. Encoding.UTF8.GetBytes(bucket)];

    public static byte[] Usage(string bucket) => [UsageKind, .. Encoding.UTF8.GetBytes(bucket)];

    public static byte[] Setting(string name) => [SettingKind, .. Encoding.UTF8.GetBytes(name)];

    public static byte[] Objects(string bucket) => Start(ObjectKind, bucket);

    /// <summary>The beginning of all versions of a key, and of nothing else.</summary>
    public static byte[] Versions(string bucket, ReadOnlySpan<byte> key) => [.. Start(ObjectKind, bucket), .. EscapeKey(key), 0, End];

    public static byte[] Version(string bucket, ReadOnlySpan<byte> key, ulong sequence) => Version(Versions(bucket, key), sequence);

    public static byte[] Version(byte[] versions, ulong sequence) => [.. versions, .. SequenceBytes(sequence)];

    public static byte[] Uploads(string bucket) => Start(UploadKind, bucket);

    public static byte[] UploadsOf(string bucket, ReadOnlySpan<byte> key) => [.. Start(UploadKind, bucket), .. EscapeKey(key), 0, End];

    public static byte[] Upload(string bucket, ReadOnlySpan<byte> key, string uploadId) => [.. UploadsOf(bucket, key), .. Encoding.UTF8.GetBytes(uploadId)];

    /// <summary>What an upload became, for clients that did not hear the answer.</summary>
    public static byte[] Completed(string bucket, string uploadId) => [.. Start(CompletedKind, bucket), .. Encoding.UTF8.GetBytes(uploadId)];

    public static byte[] CompletedOf(string bucket) => Start(CompletedKind, bucket);

    public static byte[] PartsOf(string bucket) => Start(PartKind, bucket);

    public static byte[] Parts(string bucket, string uploadId) => [.. Start(PartKind, bucket), .. Encoding.UTF8.GetBytes(uploadId), 0];

    public static byte[] Part(string bucket, string uploadId, int number)
    {
        byte[] parts = Parts(bucket, uploadId);
        var whole = new byte[parts.Length + sizeof(ushort)];
        parts.CopyTo(whole, 0);
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(parts.Length), (ushort)number);
        return whole;
    }

    public static int ReadPartNumber(ReadOnlySpan<byte> indexKey) => BinaryPrimitives.ReadUInt16BigEndian(indexKey[^sizeof(ushort)..]);

    /// <summary>The object key inside an index key of an object or upload, and what stands behind it.</summary>
    /// <param name="indexKey">The index key.</param>
    /// <param name="start">Length of <see cref="Objects"/> or <see cref="Uploads"/> of the bucket.</param>
    /// <param name="buffer">Room for the key, as long as the index key.</param>
    /// <param name="rest">The version's inverted sequence number, or the upload id.</param>
    /// <returns>Length of the key in the buffer.</returns>
    public static int ReadKey(ReadOnlySpan<byte> indexKey, int start, Span<byte> buffer, out ReadOnlySpan<byte> rest)
    {
        int length = 0;
        var source = indexKey[start..];
        for (int zero = source.IndexOf((byte)0); zero >= 0; zero = source.IndexOf((byte)0))
        {
            source[..zero].CopyTo(buffer[length..]);
            length += zero;
            bool isEnd = source[zero + 1] == End;
            source = source[(zero + 2)..];
            if (isEnd)
                break;
            buffer[length++] = 0;
        }

        rest = source;
        return length;
    }

    public static bool IsUsage(ReadOnlySpan<byte> indexKey) => indexKey[0] == UsageKind;

    /// <summary>Takes the key of a version apart; false for keys of something else.</summary>
    public static bool TryReadObject(ReadOnlySpan<byte> indexKey, out string bucket, out string key, out ulong sequence)
    {
        (bucket, key, sequence) = ("", "", 0);
        if (indexKey[0] != ObjectKind)
            return false;
        bucket = ReadBucket(indexKey);
        var buffer = new byte[indexKey.Length];
        int length = ReadKey(indexKey, bucket.Length + 2, buffer, out var rest);
        (key, sequence) = (ObjectKeys.Decode(buffer.AsSpan(0, length)), ReadSequence(rest));
        return true;
    }

    /// <summary>The bucket of a part's key; false for keys of something else.</summary>
    public static bool TryReadPart(ReadOnlySpan<byte> indexKey, out string bucket)
    {
        bucket = indexKey[0] == PartKind ? ReadBucket(indexKey) : "";
        return bucket.Length > 0;
    }

    // Names of buckets are ASCII and end at a zero.
    private static string ReadBucket(ReadOnlySpan<byte> indexKey) => Encoding.ASCII.GetString(indexKey[1..indexKey.IndexOf((byte)0)]);

    /// <summary>A sequence number as it stands behind a key.</summary>
    public static byte[] SequenceBytes(ulong sequence)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ~sequence);
        return bytes;
    }

    public static ulong ReadSequence(ReadOnlySpan<byte> rest) => ~BinaryPrimitives.ReadUInt64BigEndian(rest);

    /// <summary>The first key behind all that begin so; empty when there is none.</summary>
    public static byte[] After(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.LastIndexOfAnyExcept((byte)0xFF);
        if (last < 0)
            return [];
        byte[] after = prefix[..(last + 1)].ToArray();
        after[last]++;
        return after;
    }

    /// <summary>A key, or the beginning of one, as it stands in index keys.</summary>
    public static byte[] EscapeKey(ReadOnlySpan<byte> key)
    {
        int zeros = key.Count((byte)0);
        if (zeros == 0)
            return key.ToArray();
        var escaped = new byte[key.Length + zeros];
        int at = 0;
        foreach (byte b in key)
        {
            escaped[at++] = b;
            if (b == 0)
                escaped[at++] = Escaped;
        }

        return escaped;
    }

    private static byte[] Start(byte kind, string bucket) => [kind, .. Encoding.UTF8.GetBytes(bucket), 0];
}
