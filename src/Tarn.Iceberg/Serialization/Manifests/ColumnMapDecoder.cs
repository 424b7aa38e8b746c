using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Reads a map from column id, in the form that the specification gives it, as a dictionary at once.</summary>
internal abstract class ColumnMapDecoder : AvroDecoder
{
    private readonly AvroDecoder _plain;

    private protected ColumnMapDecoder(AvroSchema schema)
        : base(schema) => _plain = Compile(schema);

    public override int MinBytes => 1;

    public override void Skip(ref AvroReader reader) => _plain.Skip(ref reader);

    /// <summary>A decoder for arrays of pairs from int to long or bytes; null for anything else.</summary>
    internal static AvroDecoder? TryCreate(AvroSchema schema) => schema switch
    {
        AvroArray { Items: AvroRecord { Fields: [{ Name: "key", Schema.Type: AvroType.Int }, { Name: "value", Schema.Type: AvroType.Long }] } } => new CountMapDecoder(schema),
        AvroArray { Items: AvroRecord { Fields: [{ Name: "key", Schema.Type: AvroType.Int }, { Name: "value", Schema.Type: AvroType.Bytes }] } } => new BoundMapDecoder(schema),
        _ => null,
    };
}

internal sealed class CountMapDecoder(AvroSchema schema) : ColumnMapDecoder(schema)
{
    public override object Read(ref AvroReader reader)
    {
        Dictionary<int, long>? map = null;
        for (int count; (count = reader.ReadBlockCount(2, out _)) > 0;)
        {
            map ??= new(count);
            for (; count > 0; count--)
                map[reader.ReadInt()] = reader.ReadLong();
        }

        return map ?? [];
    }
}

internal sealed class BoundMapDecoder(AvroSchema schema) : ColumnMapDecoder(schema)
{
    public override object Read(ref AvroReader reader)
    {
        Dictionary<int, byte[]>? map = null;
        for (int count; (count = reader.ReadBlockCount(2, out _)) > 0;)
        {
            map ??= new(count);
            for (; count > 0; count--)
                map[reader.ReadInt()] = reader.ReadBytes().ToArray();
        }

        return map ?? [];
    }
}
