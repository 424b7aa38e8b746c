using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>
/// An Avro object container file in memory ("Object Container Files"). Opening reads the header and the frame of every block, nothing else.
/// Thread-safe.
/// </summary>
public sealed class AvroFile
{
    /// <summary>Most bytes that one block may expand to.</summary>
    public const int MaxBlockBytes = 512 << 20;

    private const int SyncBytes = 16;

    private readonly ReadOnlyMemory<byte> _bytes;

    private AvroFile(ReadOnlyMemory<byte> bytes, string place, IReadOnlyDictionary<string, byte[]> metadata, AvroSchema schema, string codec, List<AvroBlock> blocks)
    {
        _bytes = bytes;
        Place = place;
        Metadata = metadata;
        Schema = schema;
        Codec = codec;
        Blocks = blocks;
    }

    /// <summary>Where the bytes come from, for messages.</summary>
    public string Place { get; }

    /// <summary>All file metadata, <c>avro.schema</c> and <c>avro.codec</c> included.</summary>
    public IReadOnlyDictionary<string, byte[]> Metadata { get; }

    /// <summary>The writer schema.</summary>
    public AvroSchema Schema { get; }

    /// <summary>The codec of the blocks.</summary>
    public string Codec { get; }

    /// <summary>The blocks in order.</summary>
    public IReadOnlyList<AvroBlock> Blocks { get; }

    /// <summary>Values in all blocks, as their headers claim.</summary>
    public long Count => Blocks.Sum(b => b.Count);

    /// <summary>Length of the file in bytes.</summary>
    public int SizeBytes => _bytes.Length;

    /// <summary>Opens a container.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="place">Its location, for messages.</param>
    /// <param name="known">Schemas that were read before; null to read each anew.</param>
    /// <exception cref="TarnException">DataCorrupted when it is no Avro container; Unsupported when it is encrypted or its codec unknown.</exception>
    public static AvroFile Open(ReadOnlyMemory<byte> bytes, string place, AvroSchemas? known = null)
    {
        RequireMagic(bytes.Span, place);
        try
        {
            var reader = new AvroReader(bytes.Span);
            reader.SkipFixed(4);
            var metadata = ReadMetadata(ref reader);
            var sync = reader.ReadFixed(SyncBytes);
            var blocks = ReadBlocks(ref reader, sync);
            if (!metadata.TryGetValue("avro.schema", out var schema))
                throw TarnException.Corrupted("its header has no avro.schema");
            string codec = metadata.TryGetValue("avro.codec", out var name) ? Encoding.UTF8.GetString(name) : AvroCodec.Null;
            if (!AvroCodec.IsKnown(codec))
                throw TarnException.Unsupported($"Avro codec '{codec}' is not supported; null, deflate, snappy and zstandard are.");
            return new AvroFile(bytes, place, metadata, known?.Read(schema) ?? AvroSchemaParser.Parse(schema), codec, blocks);
        }
        catch (TarnException damage) when (damage.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported)
        {
            throw new TarnException(damage.Kind, $"Avro file {place} cannot be read: {damage.Message}", damage);
        }
    }

    /// <summary>A metadata value as text, or null.</summary>
    public string? MetadataText(string key) => Metadata.TryGetValue(key, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>Every value, block by block.</summary>
    /// <exception cref="TarnException">DataCorrupted when a block is damaged.</exception>
    public IEnumerable<object?> ReadAll(AvroDecoder decoder)
    {
        foreach (var block in Blocks)
        {
            foreach (object? value in DecodeBlock(block, decoder))
                yield return value;
        }
    }

    /// <summary>Every value of one block.</summary>
    /// <exception cref="TarnException">DataCorrupted when the block is damaged.</exception>
    public object?[] DecodeBlock(AvroBlock block, AvroDecoder decoder)
    {
        object?[] values = [];
        Decode(block, decoder.MinBytes, (ref AvroReader reader, int count) =>
        {
            values = new object?[count];
            for (int i = 0; i < count; i++)
                values[i] = decoder.Read(ref reader);
        });
        return values;
    }

    /// <summary>Runs <paramref name="decode"/> over every block, several at once when there are several; they may come in any order.</summary>
    /// <param name="minItemBytes">Fewest bytes a value takes, to refuse counts that cannot be true.</param>
    /// <param name="degree">Most blocks at once; 1 for none beside each other.</param>
    /// <param name="decode">Gets the block's position in <see cref="Blocks"/>.</param>
    /// <exception cref="TarnException">DataCorrupted when a block is damaged.</exception>
    public void DecodeBlocks(int minItemBytes, int degree, AvroIndexedBlockDecoder decode)
    {
        if (degree <= 1 || Blocks.Count <= 1)
        {
            for (int i = 0; i < Blocks.Count; i++)
                DecodeAt(i);
            return;
        }

        try
        {
            Parallel.For(0, Blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = degree }, DecodeAt);
        }
        catch (AggregateException errors)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.Flatten().InnerExceptions[0]);
        }

        void DecodeAt(int index) =>
            Decode(Blocks[index], minItemBytes, (ref AvroReader reader, int count) => decode(index, ref reader, count));
    }

    /// <summary>Decompresses one block and runs <paramref name="decode"/> over it, which must read exactly all its bytes.</summary>
    /// <exception cref="TarnException">DataCorrupted when the block is damaged.</exception>
    public void Decode(AvroBlock block, int minItemBytes, AvroBlockDecoder decode)
    {
        try
        {
            var stored = _bytes.Span.Slice(block.Offset, block.SizeBytes);
            if (Codec == AvroCodec.Null)
            {
                DecodeBytes(stored, block, minItemBytes, decode);
                return;
            }

            using var output = new OutputBuffer(MaxBlockBytes, (int)Math.Min(MaxBlockBytes, Math.Max(1024, block.SizeBytes * 6L)));
            AvroCodec.Decompress(Codec, stored, output);
            DecodeBytes(output.Written, block, minItemBytes, decode);
        }
        catch (TarnException damage) when (damage.Kind == ErrorKind.DataCorrupted)
        {
            throw Damaged(block, damage);
        }
    }

    /// <summary>The decompressed bytes of one block, the caller's to dispose.</summary>
    /// <exception cref="TarnException">DataCorrupted when the block is damaged.</exception>
    public OutputBuffer Decompress(AvroBlock block)
    {
        var output = new OutputBuffer(MaxBlockBytes, (int)Math.Min(MaxBlockBytes, Math.Max(1024, block.SizeBytes * 6L)));
        try
        {
            AvroCodec.Decompress(Codec, _bytes.Span.Slice(block.Offset, block.SizeBytes), output);
            return output;
        }
        catch (TarnException damage)
        {
            output.Dispose();
            throw damage.Kind == ErrorKind.DataCorrupted ? Damaged(block, damage) : damage;
        }
    }

    /// <summary>The error that a block is damaged, with its place.</summary>
    public TarnException Damaged(AvroBlock block, TarnException damage) => TarnException.Corrupted($"Avro file {Place}, block at byte {block.Offset}: {damage.Message}", damage);

    private static void DecodeBytes(ReadOnlySpan<byte> data, AvroBlock block, int minItemBytes, AvroBlockDecoder decode)
    {
        const int maxEmptyItems = 1_000_000;
        if (block.Count > (minItemBytes > 0 ? data.Length / minItemBytes : maxEmptyItems))
            throw TarnException.Corrupted($"It claims {block.Count} values in {data.Length} bytes.");
        var reader = new AvroReader(data);
        decode(ref reader, (int)block.Count);
        if (reader.Remaining != 0)
            throw TarnException.Corrupted($"{reader.Remaining} of {data.Length} bytes are left behind its {block.Count} values.");
    }

    private static void RequireMagic(ReadOnlySpan<byte> bytes, string place)
    {
        if (bytes.StartsWith("Obj\u0001"u8))
            return;
        if (bytes.StartsWith("AGS1"u8))
            throw TarnException.Unsupported($"{place} is encrypted (an AGS1 stream), not a plain Avro file; encrypted tables are not supported.");
        throw TarnException.Corrupted($"{place} is not an Avro file: it begins with {Convert.ToHexString(bytes[..Math.Min(4, bytes.Length)])} and not with 4F626A01.");
    }

    private static Dictionary<string, byte[]> ReadMetadata(ref AvroReader reader)
    {
        var metadata = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (int count; (count = reader.ReadBlockCount(2, out _)) > 0;)
        {
            for (; count > 0; count--)
            {
                string key = reader.ReadString();
                metadata[key] = reader.ReadBytes().ToArray();
            }
        }

        return metadata;
    }

    private static List<AvroBlock> ReadBlocks(ref AvroReader reader, ReadOnlySpan<byte> sync)
    {
        var blocks = new List<AvroBlock>();
        while (reader.Remaining > 0)
        {
            int start = reader.Position;
            long count = reader.ReadLong(), size = reader.ReadLong();
            if (count is < 0 or > int.MaxValue || size < 0 || size > reader.Remaining - SyncBytes)
                throw TarnException.Corrupted($"the block at byte {start} claims {count} values in {size} bytes, where {reader.Remaining} are left");
            blocks.Add(new AvroBlock((int)count, reader.Position, (int)size));
            reader.SkipFixed((int)size);
            if (!reader.ReadFixed(SyncBytes).SequenceEqual(sync))
                throw TarnException.Corrupted($"the block at byte {start} does not end with the file's sync marker");
        }

        return blocks;
    }
}

/// <summary>A block of a container.</summary>
/// <param name="Count">Values, as the block claims.</param>
/// <param name="Offset">Where its stored bytes begin in the file.</param>
/// <param name="SizeBytes">How many stored bytes it has.</param>
public readonly record struct AvroBlock(int Count, int Offset, int SizeBytes);

/// <summary>Decodes the values of one block.</summary>
public delegate void AvroBlockDecoder(ref AvroReader reader, int count);

/// <summary>Decodes the values of the block at a position.</summary>
public delegate void AvroIndexedBlockDecoder(int block, ref AvroReader reader, int count);
