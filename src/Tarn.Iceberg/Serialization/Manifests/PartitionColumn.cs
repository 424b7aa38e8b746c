using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>The values of one partition field over all entries of a <see cref="ColumnarManifest"/>, in an array of its kind.</summary>
public sealed class PartitionColumn
{
    private readonly ColumnarManifest _manifest;

    internal PartitionColumn(ColumnarManifest manifest, NestedField field, int count)
    {
        _manifest = manifest;
        Field = field;
        Kind = KindOf(field.Type);
        Absent = new bool[count];
        switch (Kind)
        {
            case PartitionColumnKind.Longs:
                Longs = new long[count];
                break;
            case PartitionColumnKind.Doubles:
                Doubles = new double[count];
                break;
            case PartitionColumnKind.Bytes:
                Slices = new ByteSlice[count];
                break;
            default:
                Objects = new object?[count];
                break;
        }
    }

    /// <summary>The partition field.</summary>
    public NestedField Field { get; }

    /// <summary>Which of the getters has the values.</summary>
    public PartitionColumnKind Kind { get; }

    internal bool[] Absent { get; }

    internal long[] Longs { get; } = [];

    internal double[] Doubles { get; } = [];

    internal ByteSlice[] Slices { get; } = [];

    internal object?[] Objects { get; } = [];

    /// <summary>Whether the value is null.</summary>
    public bool IsNull(int entry) => Absent[entry];

    /// <summary>Booleans (0, 1), int, long, dates, times and timestamps.</summary>
    public long GetLong(int entry) => Longs[entry];

    /// <summary>Floats and doubles.</summary>
    public double GetDouble(int entry) => Doubles[entry];

    /// <summary>Strings (UTF-8), binary, fixed, uuid and decimal (both big-endian).</summary>
    public ReadOnlySpan<byte> GetBytes(int entry) => Slices[entry].In(_manifest.Bytes);

    /// <summary>The value as <see cref="LiteralValue"/> holds it.</summary>
    public object? Value(int entry)
    {
        if (Absent[entry])
            return null;
        return Kind switch
        {
            PartitionColumnKind.Longs => Field.Type.Id switch
            {
                TypeId.Boolean => (object)(Longs[entry] != 0),
                TypeId.Int or TypeId.Date => (int)Longs[entry],
                _ => Longs[entry],
            },
            PartitionColumnKind.Doubles => Field.Type.Id == TypeId.Float ? (object)(float)Doubles[entry] : Doubles[entry],
            PartitionColumnKind.Bytes => FromBytes(GetBytes(entry)),
            _ => Objects[entry],
        };
    }

    private static PartitionColumnKind KindOf(IcebergType type) => type.Id switch
    {
        TypeId.Boolean or TypeId.Int or TypeId.Long or TypeId.Date or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs
            or TypeId.TimestampTzNs => PartitionColumnKind.Longs,
        TypeId.Float or TypeId.Double => PartitionColumnKind.Doubles,
        TypeId.String or TypeId.Binary or TypeId.Fixed or TypeId.Uuid or TypeId.Decimal => PartitionColumnKind.Bytes,
        _ => PartitionColumnKind.Objects,
    };

    private object FromBytes(ReadOnlySpan<byte> bytes)
    {
        switch (Field.Type)
        {
            case DecimalType type:
                Int128 unscaled = (sbyte)bytes[0];
                foreach (byte digit in bytes[1..])
                    unscaled = (unscaled << 8) | digit;
                return new Decimal38(unscaled, type.Scale);
            case { Id: TypeId.String }:
                return ColumnarManifest.Text(bytes);
            case { Id: TypeId.Uuid }:
                return new Guid(bytes, bigEndian: true);
            default:
                return bytes.ToArray();
        }
    }
}

/// <summary>How a <see cref="PartitionColumn"/> keeps its values.</summary>
public enum PartitionColumnKind
{
    /// <summary>As 64-bit integers.</summary>
    Longs,

    /// <summary>As 64-bit floating point numbers.</summary>
    Doubles,

    /// <summary>As pieces of the manifest's byte buffer.</summary>
    Bytes,

    /// <summary>As objects: a type of which nothing is known.</summary>
    Objects,
}
