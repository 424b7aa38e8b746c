using System.Buffers.Binary;
using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;
using Tarn.Iceberg.Serialization.Json;

namespace Tarn.Iceberg.Serialization.Puffin;

/// <summary>
/// A Puffin file in memory (Puffin specification): blobs, and a footer in JSON that says what they are. Opening reads the footer only. Thread-safe.
/// </summary>
public sealed class PuffinFile
{
    /// <summary>Most bytes that a footer may expand to.</summary>
    public const int MaxFooterBytes = 64 << 20;

    /// <summary>Most bytes that a blob may expand to.</summary>
    public const int MaxBlobBytes = DeletionVectorBlob.MaxSizeBytes;

    // Payload size, flags and magic behind the payload.
    private const int FooterTailBytes = 12;
    private const int MagicBytes = 4;
    private const byte FooterCompressed = 1;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly string place;

    private PuffinFile(ReadOnlyMemory<byte> bytes, string place, ImmutableList<PuffinBlob> blobs, ImmutableSortedDictionary<string, string> properties)
    {
        this.bytes = bytes;
        this.place = place;
        Blobs = blobs;
        Properties = properties;
    }

    private static ReadOnlySpan<byte> Magic => "PFA1"u8;

    /// <summary>The blobs in the order of the footer.</summary>
    public IReadOnlyList<PuffinBlob> Blobs { get; }

    /// <summary>Properties of the file, e.g. <c>created-by</c>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="place">Its location, for messages.</param>
    /// <exception cref="TarnException">DataCorrupted when it is no Puffin file or damaged.</exception>
    public static PuffinFile Open(ReadOnlyMemory<byte> bytes, string place)
    {
        var (blobs, properties) = JsonText.Read(
            FooterPayload(bytes, place), $"Footer of Puffin file {place}", ErrorKind.DataCorrupted, json => (json.AsObject().List("blobs", PuffinBlob.Read), json.OptionalStringMap("properties")));
        long end = bytes.Length - FooterTailBytes - MagicBytes;
        foreach (var blob in blobs)
        {
            if (blob.Offset < MagicBytes || blob.LengthBytes < 0 || blob.Offset > end - blob.LengthBytes)
                throw Damaged(place, $"its footer names a blob of {blob.LengthBytes} bytes at byte {blob.Offset} of {bytes.Length}");
        }

        return new PuffinFile(bytes, place, blobs, properties);
    }

    /// <summary>The content of a blob, decompressed.</summary>
    /// <exception cref="TarnException">DataCorrupted when it does not decompress; Unsupported for a codec other than lz4 and zstd.</exception>
    public ReadOnlyMemory<byte> ReadBlob(PuffinBlob blob)
    {
        var stored = bytes.Slice((int)blob.Offset, (int)blob.LengthBytes);
        try
        {
            return blob.CompressionCodec switch
            {
                null => stored,
                "lz4" => Lz4Frame.Decompress(stored.Span, MaxBlobBytes),
                "zstd" => Zstandard.Decompress(stored.Span, MaxBlobBytes),
                var codec => throw TarnException.Unsupported($"Codec '{codec}' is not supported; lz4 and zstd are."),
            };
        }
        catch (TarnException damage) when (damage.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported)
        {
            throw new TarnException(damage.Kind, $"Puffin file {place}, blob at byte {blob.Offset}: {damage.Message}", damage);
        }
    }

    private static ReadOnlyMemory<byte> FooterPayload(ReadOnlyMemory<byte> bytes, string place)
    {
        var span = bytes.Span;
        if (span.Length < (2 * MagicBytes) + FooterTailBytes || !span.StartsWith(Magic) || !span.EndsWith(Magic))
            throw Damaged(place, $"its {span.Length} bytes do not begin and end with PFA1");
        int size = BinaryPrimitives.ReadInt32LittleEndian(span[^FooterTailBytes..]);
        byte flags = span[^8];
        int start = span.Length - FooterTailBytes - size;
        if (size < 0 || start < 2 * MagicBytes || !span[(start - MagicBytes)..].StartsWith(Magic))
            throw Damaged(place, $"its footer claims {size} bytes of {span.Length}, or does not begin with PFA1");
        if ((flags & ~FooterCompressed) != 0 || span[^7..^4].ContainsAnyExcept((byte)0))
            throw TarnException.Unsupported($"Puffin file {place} has flags {Convert.ToHexString(span[^8..^4])}; only the one for a compressed footer is known.");
        var payload = bytes.Slice(start, size);
        return (flags & FooterCompressed) == 0 ? payload : Expand(payload.Span, place);
    }

    private static byte[] Expand(ReadOnlySpan<byte> payload, string place)
    {
        try
        {
            return Lz4Frame.Decompress(payload, MaxFooterBytes);
        }
        catch (TarnException damage) when (damage.Kind == ErrorKind.DataCorrupted)
        {
            throw TarnException.Corrupted($"Footer of Puffin file {place}: {damage.Message}", damage);
        }
    }

    private static TarnException Damaged(string place, string why) => TarnException.Corrupted($"{place} is not a whole Puffin file: {why}. Restore the file.");
}

/// <summary>What the footer says of a blob (Puffin specification, "BlobMetadata").</summary>
/// <param name="Type">What it holds, e.g. <c>deletion-vector-v1</c>.</param>
/// <param name="Fields">Field ids that it was computed for.</param>
/// <param name="SnapshotId">Snapshot it was computed from; -1 for a deletion vector.</param>
/// <param name="SequenceNumber">Sequence number of that snapshot; -1 for a deletion vector.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="LengthBytes">Stored bytes.</param>
/// <param name="CompressionCodec"><c>lz4</c>, <c>zstd</c>, or null when it is not compressed.</param>
/// <param name="Properties">Properties of the blob.</param>
public sealed record PuffinBlob(
    string Type, IReadOnlyList<int> Fields, long SnapshotId, long SequenceNumber, long Offset, long LengthBytes, string? CompressionCodec, IReadOnlyDictionary<string, string> Properties)
{
    internal static PuffinBlob Read(JsonCursor json) => new(
        json.AsObject().String("type"), json.List("fields", f => f.AsInt()), json.Long("snapshot-id"), json.Long("sequence-number"),
        json.Long("offset"), json.Long("length"), json.OptionalString("compression-codec"), json.OptionalStringMap("properties"));
}
