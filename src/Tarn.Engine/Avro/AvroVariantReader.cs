using Tarn.Core.Errors;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Variants;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Engine.Avro;

/// <summary>A record of <c>metadata</c> and <c>value</c> as the JSON of the variant that they encode ("Avro", variant).</summary>
internal sealed class AvroVariantReader(AvroRecord record) : AvroValueReader
{
    private readonly AvroDecoder decoder = AvroDecoder.Compile(record);
    private readonly int metadata = Position(record, "metadata"), value = Position(record, "value");

    public override int MinBytes => decoder.MinBytes;

    public override void Read(ref AvroReader reader, DuckDbVectorWriter output, int row)
    {
        var first = reader.ReadBytes();
        var second = reader.ReadBytes();
        output.SetBytes(row, VariantText.Of(metadata == 0 ? first : second, value == 0 ? first : second));
    }

    public override void Skip(ref AvroReader reader) => decoder.Skip(ref reader);

    private static int Position(AvroRecord record, string name)
    {
        int position = record.Fields.Index().FirstOrDefault(f => f.Item.Name == name && f.Item.Schema.Type == AvroType.Bytes, (-1, null!)).Index;
        return position >= 0 && record.Fields.Count == 2
            ? position
            : throw TarnException.Corrupted($"Avro record '{record.FullName}' is no variant: it must have the fields metadata and value of type bytes.");
    }
}
