using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Protocol;

/// <summary>How rows are read from files: struct <c>SerDeInfo</c>.</summary>
internal sealed record SerDe
{
    /// <summary>Field 1.</summary>
    public string? Name { get; init; }

    /// <summary>Field 2: class of the reader, which names the format.</summary>
    public string? SerializationLib { get; init; }

    /// <summary>Field 3: options of the format, e.g. <c>field.delim</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the struct.</summary>
    public static SerDe Read(ThriftStruct? from) => from is null ? new SerDe() : new SerDe { Name = from.Text(1), SerializationLib = from.Text(2), Parameters = from.Map(3) };

    /// <summary>The struct.</summary>
    public ThriftStruct ToThrift() => new ThriftStruct().With(1, Name).With(2, SerializationLib).With(3, Parameters);
}
