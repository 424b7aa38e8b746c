namespace Tarn.Catalog.Hive.Thrift;

/// <summary>Types of the Thrift binary protocol, as they stand on the wire.</summary>
internal enum ThriftType : byte
{
    /// <summary>The end of a struct.</summary>
    Stop = 0,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 2,

    /// <summary>8 bits.</summary>
    Byte = 3,

    /// <summary>64-bit floating point.</summary>
    Double = 4,

    /// <summary>16 bits.</summary>
    I16 = 6,

    /// <summary>32 bits.</summary>
    I32 = 8,

    /// <summary>64 bits.</summary>
    I64 = 10,

    /// <summary>Length and bytes: text in UTF-8, or binary.</summary>
    String = 11,

    /// <summary>Fields, up to <see cref="Stop"/>.</summary>
    Struct = 12,

    /// <summary>Types of keys and values, count, pairs.</summary>
    Map = 13,

    /// <summary>Type, count, elements.</summary>
    Set = 14,

    /// <summary>Type, count, elements.</summary>
    List = 15,
}

/// <summary>What a message is.</summary>
internal enum ThriftMessageKind : byte
{
    /// <summary>A request.</summary>
    Call = 1,

    /// <summary>An answer, also one that carries a declared exception.</summary>
    Reply = 2,

    /// <summary>A TApplicationException.</summary>
    Exception = 3,

    /// <summary>A request without an answer.</summary>
    Oneway = 4,
}

/// <summary>Sizes of the binary protocol.</summary>
internal static class ThriftSizes
{
    /// <summary>Bytes of a type that always has as many; 0 for the others.</summary>
    public static int FixedBytes(ThriftType type) => type switch
    {
        ThriftType.Bool or ThriftType.Byte => 1,
        ThriftType.I16 => 2,
        ThriftType.I32 => 4,
        ThriftType.I64 or ThriftType.Double => 8,
        _ => 0,
    };

    /// <summary>Whether a value can have the type.</summary>
    public static bool IsValue(ThriftType type) => FixedBytes(type) > 0 || type is >= ThriftType.String and <= ThriftType.List;
}
