using System.Collections.Concurrent;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>
/// Schemas that were read before. The files of one writer repeat theirs, and to read the schema of a small file takes longer than to read its values.
/// Thread-safe.
/// </summary>
public sealed class AvroSchemas
{
    /// <summary>Most schemas kept; those of more writers begin anew.</summary>
    public const int MaxSchemas = 64;

    /// <summary>Most bytes of a schema that is kept, some ten times what a manifest's has.</summary>
    public const int MaxSchemaBytes = 64 << 10;

    private readonly ConcurrentDictionary<byte[], AvroSchema> _schemas = new(ByContent.Instance);

    /// <summary>Schemas kept now.</summary>
    public int Count => _schemas.Count;

    /// <summary>Reads a schema as <see cref="AvroSchemaParser.Parse(ReadOnlyMemory{byte})"/> does.</summary>
    /// <param name="json">UTF-8 JSON, which must not change any more.</param>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted when it is no valid schema.</exception>
    public AvroSchema Read(byte[] json)
    {
        if (_schemas.TryGetValue(json, out var known))
            return known;
        var schema = AvroSchemaParser.Parse(json);
        if (json.Length > MaxSchemaBytes)
            return schema;
        if (_schemas.Count >= MaxSchemas)
            _schemas.Clear();
        return _schemas.GetOrAdd(json, schema);
    }

    private sealed class ByContent : IEqualityComparer<byte[]>
    {
        public static readonly ByContent Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            var hash = new HashCode();
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
