namespace Tarn.Catalog.Hive.Thrift;

/// <summary>How large a message may be. Nothing is allocated for bytes that have not arrived.</summary>
internal sealed record ThriftLimits
{
    /// <summary>Bytes of one message. A table of 10,000 columns with long comments is below; a real metastore takes 100 MB.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of the name of a call.</summary>
    public int MaxNameBytes { get; init; } = 256;

    /// <summary>Structs and containers inside each other; the protocol's own structs need eight.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>
    /// Elements of all containers and fields of all structs of a message together: each takes memory, also those of a single byte. A call that adds 1,000
    /// partitions of 100 columns has 600,000.
    /// </summary>
    public int MaxElements { get; init; } = 1_000_000;
}

/// <summary>The bytes are not a message of the Thrift binary protocol, or one beyond the limits. The connection cannot go on.</summary>
internal sealed class ThriftFormatException(string message) : Exception(message);
