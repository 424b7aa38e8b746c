using System.Security.Cryptography;
using System.Text;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>
/// Writes an Avro object container. Write a value through <see cref="Writer"/>, then call <see cref="EndValue"/>; <see cref="Finish"/> gives the file.
/// The sync marker is a digest of the header, so equal input gives equal bytes.
/// </summary>
public sealed class AvroFileWriter
{
    /// <summary>Uncompressed size at which a block is closed, the value that Iceberg's other writers use.</summary>
    public const int DefaultBlockBytes = 64_000;

    private readonly MemoryStream _file = new();
    private readonly AvroWriter _frame = new();
    private readonly string _codec;
    private readonly int _blockBytes;
    private readonly byte[] _sync;
    private int _count;

    /// <summary>Begins a file.</summary>
    /// <param name="schema">Schema of all values.</param>
    /// <param name="codec">One of <see cref="AvroCodec"/>.</param>
    /// <param name="metadata">Further file metadata, written after schema and codec.</param>
    /// <param name="blockBytes">Uncompressed size at which a block is closed.</param>
    public AvroFileWriter(AvroSchema schema, string codec = AvroCodec.Deflate, IEnumerable<KeyValuePair<string, string>>? metadata = null, int blockBytes = DefaultBlockBytes)
    {
        _codec = codec;
        _blockBytes = blockBytes;
        KeyValuePair<string, byte[]>[] entries =
        [
            new("avro.schema", AvroSchemaWriter.ToJson(schema)),
            new("avro.codec", Encoding.UTF8.GetBytes(codec)),
            .. (metadata ?? []).Select(m => KeyValuePair.Create(m.Key, Encoding.UTF8.GetBytes(m.Value))),
        ];
        _frame.WriteFixed("Obj\u0001"u8);
        _frame.WriteLong(entries.Length);
        foreach (var (key, value) in entries)
        {
            _frame.WriteString(key);
            _frame.WriteBytes(value);
        }

        _frame.WriteLong(0);
        _sync = SHA256.HashData(_frame.Written)[..16];
        _frame.WriteFixed(_sync);
        Flush();
    }

    /// <summary>Where the values of the current block go.</summary>
    public AvroWriter Writer { get; } = new();

    /// <summary>Bytes of the file so far, without the current block.</summary>
    public long LengthBytes => _file.Length;

    /// <summary>Counts the value that was just written; closes the block when it is large enough.</summary>
    public void EndValue()
    {
        _count++;
        if (Writer.Length >= _blockBytes)
            EndBlock();
    }

    /// <summary>Closes the last block and returns the whole file.</summary>
    public byte[] Finish()
    {
        EndBlock();
        return _file.ToArray();
    }

    /// <summary>Closes the block that values were written to.</summary>
    /// <returns>The block, which another file of the same schema and codec may have as it is; null when no value was written since the last.</returns>
    public AvroStoredBlock? EndBlock()
    {
        if (_count == 0)
            return null;
        var block = new AvroStoredBlock(_codec, _count, Writer.Length, AvroCodec.Compress(_codec, Writer.Written));
        Writer.Clear();
        _count = 0;
        Append(block);
        return block;
    }

    /// <summary>Closes the block that values were written to, and adds one of another file of the same schema and codec.</summary>
    /// <exception cref="ArgumentException">The block was compressed by another codec.</exception>
    public void AddBlock(AvroStoredBlock block)
    {
        if (block.Codec != _codec)
            throw new ArgumentException($"A block of codec '{block.Codec}' cannot stand in a file of codec '{_codec}'.", nameof(block));
        EndBlock();
        Append(block);
    }

    private void Append(AvroStoredBlock block)
    {
        _frame.WriteLong(block.Count);
        _frame.WriteBytes(block.Stored);
        _frame.WriteFixed(_sync);
        Flush();
    }

    private void Flush()
    {
        _file.Write(_frame.Written);
        _frame.Clear();
    }
}

/// <summary>A block as it is stored in a file.</summary>
/// <param name="Codec">One of <see cref="AvroCodec"/>.</param>
/// <param name="Count">Its values.</param>
/// <param name="SizeBytes">Their size before compression.</param>
/// <param name="Stored">Their bytes as the codec made them.</param>
public sealed record AvroStoredBlock(string Codec, int Count, int SizeBytes, byte[] Stored);
