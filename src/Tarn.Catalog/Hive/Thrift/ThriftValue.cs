namespace Tarn.Catalog.Hive.Thrift;

/// <summary>A value of the binary protocol. Scalars are held without an object.</summary>
internal readonly struct ThriftValue
{
    private readonly long _bits;
    private readonly object? _reference;

    private ThriftValue(ThriftType type, long bits, object? reference) => (Type, _bits, _reference) = (type, bits, reference);

    /// <summary>Its type.</summary>
    public ThriftType Type { get; }

    /// <summary>An integer, a boolean (0 or 1) or the bits of a floating-point number; 0 for other types.</summary>
    public long Bits => _bits;

    /// <summary>The text; null for other types.</summary>
    public string? Text => _reference as string;

    /// <summary>The struct; null for other types.</summary>
    public ThriftStruct? Struct => _reference as ThriftStruct;

    /// <summary>The elements of a list or set; null for other types.</summary>
    public ThriftList? List => _reference as ThriftList;

    /// <summary>The pairs of a map; null for other types.</summary>
    public ThriftMap? Map => _reference as ThriftMap;

    /// <summary>A scalar from its bits.</summary>
    public static ThriftValue OfBits(ThriftType type, long bits) => new(type, bits, null);

    /// <summary>A boolean.</summary>
    public static implicit operator ThriftValue(bool value) => new(ThriftType.Bool, value ? 1 : 0, null);

    /// <summary>A 32-bit integer.</summary>
    public static implicit operator ThriftValue(int value) => new(ThriftType.I32, value, null);

    /// <summary>A 64-bit integer.</summary>
    public static implicit operator ThriftValue(long value) => new(ThriftType.I64, value, null);

    /// <summary>Text.</summary>
    public static implicit operator ThriftValue(string value) => new(ThriftType.String, 0, value);

    /// <summary>A struct.</summary>
    public static implicit operator ThriftValue(ThriftStruct value) => new(ThriftType.Struct, 0, value);

    /// <summary>A list or set.</summary>
    public static implicit operator ThriftValue(ThriftList value) => new(value.IsSet ? ThriftType.Set : ThriftType.List, 0, value);

    /// <summary>A map.</summary>
    public static implicit operator ThriftValue(ThriftMap value) => new(ThriftType.Map, 0, value);
}

/// <summary>A list or set.</summary>
/// <param name="Element">Type of the elements.</param>
/// <param name="Items">The elements.</param>
/// <param name="IsSet">Whether it is a set.</param>
internal sealed record ThriftList(ThriftType Element, IReadOnlyList<ThriftValue> Items, bool IsSet = false)
{
    /// <summary>A list of texts.</summary>
    public static ThriftList Of(IEnumerable<string> texts) => new(ThriftType.String, [.. texts.Select(t => (ThriftValue)t)]);

    /// <summary>A list of structs.</summary>
    public static ThriftList Of(IEnumerable<ThriftStruct> structs) => new(ThriftType.Struct, [.. structs.Select(s => (ThriftValue)s)]);

    /// <summary>The texts of a list of texts; others are left out.</summary>
    public IReadOnlyList<string> Texts => [.. Items.Select(i => i.Text).OfType<string>()];

    /// <summary>The structs of a list of structs; others are left out.</summary>
    public IEnumerable<ThriftStruct> Structs => Items.Select(i => i.Struct).OfType<ThriftStruct>();
}

/// <summary>A map.</summary>
/// <param name="Key">Type of the keys.</param>
/// <param name="Value">Type of the values.</param>
/// <param name="Pairs">The pairs, in the order of the wire.</param>
internal sealed record ThriftMap(ThriftType Key, ThriftType Value, IReadOnlyList<KeyValuePair<ThriftValue, ThriftValue>> Pairs)
{
    /// <summary>A map of texts.</summary>
    public static ThriftMap Of(IEnumerable<KeyValuePair<string, string>> texts) =>
        new(ThriftType.String, ThriftType.String, [.. texts.Select(t => KeyValuePair.Create((ThriftValue)t.Key, (ThriftValue)t.Value))]);

    /// <summary>The pairs of a map of texts; of equal keys the last counts.</summary>
    public SortedDictionary<string, string> Texts
    {
        get
        {
            var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, value) in Pairs)
            {
                if (key.Text is { } name && value.Text is { } text)
                    texts[name] = text;
            }

            return texts;
        }
    }
}
