using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Avro;

internal sealed class AvroNullDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => 0;

    public override object? Read(ref AvroReader reader) => null;

    public override void Skip(ref AvroReader reader)
    {
    }
}

internal sealed class AvroBooleanDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader) => reader.ReadBoolean();

    public override void Skip(ref AvroReader reader) => reader.SkipBoolean();
}

internal sealed class AvroIntDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader) => reader.ReadInt();

    public override void Skip(ref AvroReader reader) => reader.SkipLong();
}

internal sealed class AvroLongDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader) => reader.ReadLong();

    public override void Skip(ref AvroReader reader) => reader.SkipLong();
}

internal sealed class AvroFloatDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => sizeof(float);

    public override object? Read(ref AvroReader reader) => reader.ReadFloat();

    public override void Skip(ref AvroReader reader) => reader.SkipFixed(sizeof(float));
}

internal sealed class AvroDoubleDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => sizeof(double);

    public override object? Read(ref AvroReader reader) => reader.ReadDouble();

    public override void Skip(ref AvroReader reader) => reader.SkipFixed(sizeof(double));
}

internal sealed class AvroBytesDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader) => reader.ReadBytes().ToArray();

    public override void Skip(ref AvroReader reader) => reader.SkipBytes();
}

internal sealed class AvroStringDecoder(AvroSchema schema) : AvroDecoder(schema)
{
    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader) => reader.ReadString();

    public override void Skip(ref AvroReader reader) => reader.SkipBytes();
}

internal sealed class AvroFixedDecoder(AvroFixed schema) : AvroDecoder(schema)
{
    private readonly int _size = schema.Size;

    public override int MinBytes => _size;

    public override object? Read(ref AvroReader reader) => reader.ReadFixed(_size).ToArray();

    public override void Skip(ref AvroReader reader) => reader.SkipFixed(_size);
}

internal sealed class AvroEnumDecoder(AvroEnum schema) : AvroDecoder(schema)
{
    private readonly IReadOnlyList<string> _symbols = schema.Symbols;

    public override int MinBytes => 1;

    public override object? Read(ref AvroReader reader)
    {
        int symbol = reader.ReadInt();
        return (uint)symbol < (uint)_symbols.Count
            ? _symbols[symbol]
            : throw TarnException.Corrupted($"Avro data is damaged at byte {reader.Position}: an enum of {_symbols.Count} symbols names symbol {symbol}.");
    }

    public override void Skip(ref AvroReader reader) => reader.SkipLong();
}
