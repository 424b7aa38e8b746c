using System.Text;
using Tarn.Core.Values;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Expressions;

/// <summary>Random values, files and predicates; few distinct values, so that predicates hit, and many edges.</summary>
internal static class RandomData
{
    public static readonly IcebergType[] Types =
    [
        SimpleType.Boolean, SimpleType.Int, SimpleType.Long, SimpleType.Float, SimpleType.Double, SimpleType.Date, SimpleType.Time,
        SimpleType.Timestamp, SimpleType.TimestampTz, SimpleType.TimestampNs, SimpleType.TimestampTzNs, SimpleType.String, SimpleType.Uuid,
        SimpleType.Binary, new FixedType(3), new DecimalType(9, 2), new DecimalType(38, 10),
    ];

    private static readonly string[] Letters = ["a", "b", "ab", "\U0010FFFF", "\uD7FF", "\uE000", "\U0001F600", "é"];

    // The ends of the type, and where the count of hours leaves an int.
    private static readonly long[] Hours =
        [long.MinValue, long.MaxValue, int.MinValue * 3_600_000_000L, (int.MinValue * 3_600_000_000L) - 1, ((int.MaxValue + 1L) * 3_600_000_000) - 1, (int.MaxValue + 1L) * 3_600_000_000];

    public static Schema SchemaOf(IcebergType type) => new(0, [new NestedField(1, "k", false, type)]);

    public static object Value(Random random, IcebergType type)
    {
        long small = random.Next(-5, 6);
        switch (type.Id)
        {
            case TypeId.Boolean:
                return random.Next(2) == 0;
            case TypeId.Int:
                return random.Next(6) == 0 ? (random.Next(2) == 0 ? int.MinValue : int.MaxValue) : (int)small * random.Next(1, 8);
            case TypeId.Long:
                return random.Next(6) == 0 ? (random.Next(2) == 0 ? long.MinValue : long.MaxValue) : small * random.Next(1, 8);
            case TypeId.Date:
                return (int)small * random.Next(1, 200);
            case TypeId.Time:
                return Math.Abs(small) * 1_000_000;
            case TypeId.Timestamp or TypeId.TimestampTz when random.Next(6) == 0:
                return Hours[random.Next(Hours.Length)];
            case TypeId.Timestamp or TypeId.TimestampTz:
                return (small * 3_600_000_000 * random.Next(1, 2000)) + random.Next(-1, 2);
            case TypeId.TimestampNs or TypeId.TimestampTzNs:
                return (small * 3_600_000_000_000 * random.Next(1, 2000)) + random.Next(-1, 2);
            case TypeId.Float:
                return random.Next(8) switch { 0 => float.NaN, 1 => -0.0f, 2 => 0.0f, 3 => float.NegativeInfinity, _ => small / 2f };
            case TypeId.Double:
                return random.Next(8) switch { 0 => double.NaN, 1 => -0.0, 2 => 0.0, 3 => double.PositiveInfinity, _ => small / 2d };
            case TypeId.Decimal:
                var limit = Decimal38.PowerOfTen(((DecimalType)type).Precision) - 1;
                return new Decimal38(random.Next(8) switch { 0 => limit, 1 => -limit, _ => small * random.Next(1, 300) }, ((DecimalType)type).Scale);
            case TypeId.String:
                var text = new StringBuilder();
                for (int i = random.Next(0, 5); i > 0; i--)
                    text.Append(Letters[random.Next(Letters.Length)]);
                return text.ToString();
            case TypeId.Uuid:
                return new Guid([(byte)(random.Next(3) * 127), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, (byte)random.Next(3)], bigEndian: true);
            default:
                byte[] bytes = new byte[type is FixedType f ? f.Length : random.Next(0, 5)];
                for (int i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)(random.Next(3) * 127 + random.Next(2));
                return bytes;
        }
    }

    public static object?[] Rows(Random random, IcebergType type)
    {
        int kind = random.Next(8);
        object constant = Value(random, type);
        return [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => kind switch
        {
            0 => null,
            1 => constant,
            2 when type.Id == TypeId.Double => double.NaN,
            2 when type.Id == TypeId.Float => float.NaN,
            _ => random.Next(6) == 0 ? null : Value(random, type),
        })];
    }

    public static DataFile File(Random random, IcebergType type, object?[] rows)
    {
        object[] ordered = [.. rows.Where(v => v is not null && !LiteralValue.IsNaN(v)).Select(v => v!).Order(Comparer<object>.Create(LiteralValue.Compare))];
        int length = random.Next(1, 4);
        object? lower = ordered.Length == 0 ? null : BoundTruncation.Lower(type, ordered[0], length);
        object? upper = ordered.Length == 0 ? null : BoundTruncation.Upper(type, ordered[^1], length);
        bool floating = type.Id is TypeId.Float or TypeId.Double;
        return new DataFile
        {
            FilePath = "f",
            Format = FileFormat.Parquet,
            RecordCount = rows.Length,
            FileSizeInBytes = 1,
            ValueCounts = random.Next(6) == 0 ? null : Map(rows.Length),
            NullValueCounts = random.Next(6) == 0 ? null : Map(rows.LongCount(v => v is null)),
            NanValueCounts = !floating || random.Next(6) == 0 ? null : Map(rows.LongCount(LiteralValue.IsNaN)),
            LowerBounds = random.Next(6) == 0 ? null : Bound(type, lower),
            UpperBounds = random.Next(6) == 0 ? null : Bound(type, upper),
        };
    }

    public static Expression Predicate(Random random, IcebergType type, Term term, object?[] rows, int depth = 2)
    {
        switch (depth == 0 ? 9 : random.Next(10))
        {
            case 0:
                return Expression.Not(Predicate(random, type, term, rows, depth - 1));
            case 1:
                return Expression.And(Predicate(random, type, term, rows, depth - 1), Predicate(random, type, term, rows, depth - 1));
            case 2:
                return Expression.Or(Predicate(random, type, term, rows, depth - 1), Predicate(random, type, term, rows, depth - 1));
            default:
                return Leaf(random, type, term, rows);
        }
    }

    private static Expression Leaf(Random random, IcebergType type, Term term, object?[] rows)
    {
        Operation[] allowed = [.. Enum.GetValues<Operation>().Where(o => o switch
        {
            Operation.IsNaN or Operation.NotNaN => type.Id is TypeId.Float or TypeId.Double,
            Operation.StartsWith or Operation.NotStartsWith => type.Id == TypeId.String,
            _ => true,
        })];
        var operation = allowed[random.Next(allowed.Length)];
        if (operation.IsUnary())
            return Expression.Test(operation, term);
        return operation.IsSet()
            ? Expression.Set(operation, term, Enumerable.Range(0, random.Next(1, 4)).Select(_ => Literal(random, type, rows)))
            : Expression.Compare(operation, term, Literal(random, type, rows));
    }

    private static Literal Literal(Random random, IcebergType type, object?[] rows)
    {
        while (true)
        {
            object? value = random.Next(2) == 0 && rows.Length > 0 ? rows[random.Next(rows.Length)] : Value(random, type);
            if (value is not null && !LiteralValue.IsNaN(value))
                return new Literal(type, value);
        }
    }

    private static Dictionary<int, long> Map(long count) => new() { [1] = count };

    private static Dictionary<int, byte[]>? Bound(IcebergType type, object? value) =>
        value is null ? [] : new() { [1] = BinarySingleValue.Serialize(type, value) };
}
