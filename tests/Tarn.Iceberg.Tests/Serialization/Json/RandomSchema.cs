using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Serialization.Json;

/// <summary>Random types, values and schemas.</summary>
internal static class RandomSchema
{
    private static readonly string[] Names = ["a", "B", "naïve", "two words", "x.y", "\"quoted\"", "\u0001", "日本", "😀", "ſ"];

    public static Gen<Schema> Schemas { get; } =
        from seed in Gen.Choose(0, int.MaxValue)
        select Of(new Random(seed));

    public static Schema Of(Random random)
    {
        int next = 0;
        var fields = Fields(random, 3, () => ++next);
        int[] identifiers = [.. fields.Where(f => f.Required && !f.Type.IsNested && f.Type.Id is not (TypeId.Float or TypeId.Double)).Take(2).Select(f => f.Id)];
        return new Schema(random.Next(5), fields, identifiers);
    }

    public static object? Value(Random random, IcebergType type) => random.Next(5) == 0 ? null : type switch
    {
        DecimalType d => new Decimal38(RandomUnscaled(random, d.Precision), d.Scale),
        FixedType f => Bytes(random, f.Length),
        StructType s => s.Fields.Select(f => Value(random, f.Type)).ToArray(),
        ListType l => Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, l.Element.Type)).ToArray(),
        MapType m => Enumerable.Range(0, random.Next(4)).Select(_ => (object?)new[] { Value(random, m.Key.Type), Value(random, m.Value.Type) }).ToArray(),
        _ => Scalar(random, type.Id),
    };

    private static object? Scalar(Random random, TypeId id) => id switch
    {
        TypeId.Boolean => random.Next(2) == 0,
        TypeId.Int => random.Next(int.MinValue, int.MaxValue),
        TypeId.Date => random.Next(int.MinValue, int.MaxValue),
        TypeId.Long => random.NextInt64(long.MinValue, long.MaxValue),
        TypeId.Time => random.NextInt64(0, 86_400_000_000),
        TypeId.Timestamp or TypeId.TimestampTz => random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.NextInt64(-4_000_000_000_000_000, 4_000_000_000_000_000),
        TypeId.TimestampNs or TypeId.TimestampTzNs => random.NextInt64(long.MinValue, long.MaxValue),
        TypeId.Float => random.Next(10) == 0 ? float.NaN : BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
        TypeId.Double => random.Next(10) == 0 ? double.NegativeInfinity : BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        TypeId.String => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Names[random.Next(Names.Length)])),
        TypeId.Uuid => new Guid(Bytes(random, 16)),
        TypeId.Binary => Bytes(random, random.Next(6)),
        _ => null,
    };

    private static NestedField[] Fields(Random random, int depth, Func<int> next) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => Field(random, $"{Names[random.Next(Names.Length)]}{i}", depth, next))];

    private static NestedField Field(Random random, string name, int depth, Func<int> next)
    {
        int id = next();
        var type = Type(random, depth, next);
        object? value = type.IsNested || random.Next(2) == 0 ? null : Value(random, type);
        return new NestedField(id, name, random.Next(2) == 0, type, random.Next(3) == 0 ? "doc " + name : null) { InitialDefault = value, WriteDefault = value };
    }

    private static IcebergType Type(Random random, int depth, Func<int> next) => random.Next(depth > 0 ? 11 : 8) switch
    {
        0 => new DecimalType(random.Next(1, 39), 0) is var d ? d with { Scale = random.Next(d.Precision + 1) } : d,
        1 => new FixedType(random.Next(1, 20)),
        2 => random.Next(2) == 0 ? new GeometryType(random.Next(2) == 0 ? null : "srid:4326") : new GeographyType(random.Next(2) == 0 ? null : "srid:4326", random.Next(2) == 0 ? null : "karney"),
        8 => new StructType(Fields(random, depth - 1, next)),
        9 => ListType.Of(next(), Type(random, depth - 1, next), random.Next(2) == 0),
        10 => MapType.Of(next(), Type(random, depth - 1, next), next(), Type(random, depth - 1, next), random.Next(2) == 0),
        _ => SimpleType.All[random.Next(SimpleType.All.Count)],
    };

    private static Int128 RandomUnscaled(Random random, int precision)
    {
        Int128 value = 0;
        for (int i = random.Next(precision); i >= 0; i--)
            value = (value * 10) + random.Next(10);
        return random.Next(2) == 0 ? value : -value;
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
