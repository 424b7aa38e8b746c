using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Tests.Hive.Thrift;

/// <summary>Makes messages of every shape from a seed.</summary>
internal sealed class RandomMessages(Random random)
{
    private static readonly ThriftType[] s_types =
    [
        ThriftType.Bool, ThriftType.Byte, ThriftType.Double, ThriftType.I16, ThriftType.I32, ThriftType.I64, ThriftType.String, ThriftType.Struct, ThriftType.Map, ThriftType.Set,
        ThriftType.List,
    ];

    public ThriftMessage Next() => new((ThriftMessageKind)random.Next(1, 5), Text(20), random.Next(int.MinValue, int.MaxValue), random.Next(2) == 0, Struct(0));

    private ThriftStruct Struct(int depth)
    {
        var made = new ThriftStruct();
        for (int i = random.Next(6); i > 0; i--)
            made.With((short)random.Next(short.MinValue, short.MaxValue), Value(Type(depth), depth));
        return made;
    }

    private ThriftType Type(int depth) => depth > 4 ? s_types[random.Next(7)] : s_types[random.Next(s_types.Length)];

    private ThriftValue Value(ThriftType type, int depth) => type switch
    {
        ThriftType.Bool => random.Next(2) == 0,
        ThriftType.Byte => ThriftValue.OfBits(type, random.Next(-128, 128)),
        ThriftType.I16 => ThriftValue.OfBits(type, random.Next(short.MinValue, short.MaxValue)),
        ThriftType.I32 => random.Next(int.MinValue, int.MaxValue),
        ThriftType.I64 or ThriftType.Double => ThriftValue.OfBits(type, random.NextInt64(long.MinValue, long.MaxValue)),
        ThriftType.String => Text(random.Next(10) == 0 ? 5_000 : 30),
        ThriftType.Struct => Struct(depth + 1),
        ThriftType.Map => Map(depth + 1),
        _ => List(depth + 1, type == ThriftType.Set),
    };

    private ThriftList List(int depth, bool isSet)
    {
        var element = Type(depth);
        return new ThriftList(element, [.. Enumerable.Range(0, random.Next(5)).Select(_ => Value(element, depth))], isSet);
    }

    private ThriftMap Map(int depth)
    {
        var (key, value) = (Type(depth), Type(depth));
        return new ThriftMap(key, value, [.. Enumerable.Range(0, random.Next(5)).Select(_ => KeyValuePair.Create(Value(key, depth), Value(value, depth)))]);
    }

    private string Text(int length) => string.Concat(Enumerable.Range(0, random.Next(length)).Select(_ => random.Next(8) == 0 ? "ü€\U0001F600" : ((char)random.Next(32, 127)).ToString()));
}
