using System.Buffers.Binary;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Avro;

/// <summary>Readers of single values: from the types of Avro to those of the table, promotions included ("Avro", "Schema Evolution").</summary>
internal static class AvroLeaves
{
    /// <summary>The reader of values of a schema as a type; null when the one does not become the other.</summary>
    public static AvroLeafReader.Write? Reader(AvroSchema schema, IcebergType type) => (type.Id, schema.Type) switch
    {
        (TypeId.Unknown, _) => null,
        (TypeId.Boolean, AvroType.Boolean) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.Values<bool>()[row] = reader.ReadBoolean(),
        (TypeId.Int or TypeId.Date, AvroType.Int) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.Values<int>()[row] = reader.ReadInt(),
        (TypeId.Long, AvroType.Int or AvroType.Long) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.Values<long>()[row] = reader.ReadLong(),
        (TypeId.Float, AvroType.Float) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.Values<float>()[row] = reader.ReadFloat(),
        (TypeId.Double, AvroType.Float) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.Values<double>()[row] = reader.ReadFloat(),
        (TypeId.Double, AvroType.Double) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.Values<double>()[row] = reader.ReadDouble(),
        (TypeId.String, AvroType.String or AvroType.Bytes) => ReadText,
        (TypeId.String, AvroType.Enum) => ReadSymbol(((AvroEnum)schema).Symbols),
        (TypeId.Binary or TypeId.Fixed, AvroType.Bytes or AvroType.String) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.SetBytes(row, reader.ReadBytes()),
        (TypeId.Binary or TypeId.Fixed, AvroType.Fixed) => ReadFixed(((AvroFixed)schema).Size),
        (TypeId.Uuid, AvroType.Fixed) when ((AvroFixed)schema).Size == 16 => ReadUuid,
        (TypeId.Uuid, AvroType.String) => ReadUuidText,
        (TypeId.Decimal, AvroType.Bytes or AvroType.Fixed) => ReadDecimal(schema, (DecimalType)type),
        (TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs, AvroType.Int or AvroType.Long) => ReadTicks(schema, type),
        _ => null,
    };

    private static void ReadText(ref AvroReader reader, DuckDbVectorWriter output, int row)
    {
        try
        {
            output.SetBytes(row, reader.ReadBytes());
        }
        catch (ArgumentException)
        {
            throw TarnException.Corrupted($"Avro data is damaged at byte {reader.Position}: a string is not valid UTF-8.");
        }
    }

    private static AvroLeafReader.Write ReadSymbol(IReadOnlyList<string> symbols) => (ref AvroReader reader, DuckDbVectorWriter output, int row) =>
    {
        int symbol = reader.ReadInt();
        if ((uint)symbol >= (uint)symbols.Count)
            throw TarnException.Corrupted($"Avro data is damaged at byte {reader.Position}: an enum of {symbols.Count} symbols names symbol {symbol}.");
        output.SetString(row, symbols[symbol]);
    };

    private static AvroLeafReader.Write ReadFixed(int size) => (ref AvroReader reader, DuckDbVectorWriter output, int row) => output.SetBytes(row, reader.ReadFixed(size));

    private static void ReadUuid(ref AvroReader reader, DuckDbVectorWriter output, int row) =>
        output.Values<UInt128>()[row] = BinaryPrimitives.ReadUInt128BigEndian(reader.ReadFixed(16)) ^ (UInt128.One << 127);

    private static void ReadUuidText(ref AvroReader reader, DuckDbVectorWriter output, int row)
    {
        string text = Encoding.UTF8.GetString(reader.ReadBytes());
        if (!Guid.TryParse(text, out var uuid))
            throw TarnException.Corrupted($"Avro data is damaged at byte {reader.Position}: '{text}' is no UUID.");
        output.SetValue(row, uuid);
    }

    private static AvroLeafReader.Write ReadDecimal(AvroSchema schema, DecimalType type)
    {
        int scale = schema.IntAttribute("scale") ?? 0, size = schema is AvroFixed { Size: var bytes } ? bytes : -1;
        return (ref AvroReader reader, DuckDbVectorWriter output, int row) =>
        {
            var stored = size < 0 ? reader.ReadBytes() : reader.ReadFixed(size);
            var value = new System.Numerics.BigInteger(stored, isUnsigned: false, isBigEndian: true);
            var limit = System.Numerics.BigInteger.Pow(10, type.Precision);
            if (scale != type.Scale || System.Numerics.BigInteger.Abs(value) >= limit)
                throw TarnException.Corrupted($"Avro data is damaged at byte {reader.Position}: a decimal with {scale} digits behind the point is {value}, where the table says {type}.");
            output.SetValue(row, new Decimal38((Int128)value, scale));
        };
    }

    // Times and timestamps are whole numbers of the unit that the logical type says; without one, of the unit of the table's type.
    private static AvroLeafReader.Write ReadTicks(AvroSchema schema, IcebergType type)
    {
        bool wantsNanos = type.Id is TypeId.TimestampNs or TypeId.TimestampTzNs;
        long stored = schema.LogicalType switch
        {
            { } name when name.EndsWith("-millis", StringComparison.Ordinal) => 1_000,
            { } name when name.EndsWith("-micros", StringComparison.Ordinal) => 1_000_000,
            { } name when name.EndsWith("-nanos", StringComparison.Ordinal) => 1_000_000_000,
            _ => wantsNanos ? 1_000_000_000 : 1_000_000,
        };
        long wanted = wantsNanos ? 1_000_000_000 : 1_000_000;
        return (ref AvroReader reader, DuckDbVectorWriter output, int row) =>
        {
            long value = reader.ReadLong();
            output.Values<long>()[row] = stored > wanted ? FloorDivide(value, stored / wanted) : checked(value * (wanted / stored));
        };
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
