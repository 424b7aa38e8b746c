namespace Tarn.Catalog.Hive.Clients;

/// <summary>Where a Hive Metastore listens, and who asks. A class and not a record: its text never tells the secret.</summary>
public sealed class HiveMetastoreAddress
{
    /// <summary>The usual port.</summary>
    public const int DefaultPort = 9083;

    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>User name for SASL PLAIN; null for a connection that does not authenticate.</summary>
    public string? UserName { get; init; }

    /// <summary>Password for SASL PLAIN.</summary>
    public string? Password { get; init; }

    /// <summary><c>HOST:PORT</c>.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
