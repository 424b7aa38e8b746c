using System.Text.Json;
using System.Text.Json.Serialization;
using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Foreign;

/// <summary>A column as a metastore describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in Hive's words.</param>
/// <param name="Comment">What people wrote about it, or null.</param>
internal sealed record StoredColumn(string Name, string Type, string? Comment = null);

/// <summary>Where the rows of a table or partition lie and how they are read, out of the flat properties of <see cref="ForeignTable"/>.</summary>
internal sealed record ForeignStorage
{
    /// <summary>Prefix of the parameters of a table or partition.</summary>
    public const string Parameters = "parameters.";

    private const string SerDeParameters = "sd.serdeInfo.parameters.";

    /// <summary>The columns of the files.</summary>
    public required IReadOnlyList<StoredColumn> Columns { get; init; }

    /// <summary>The folder; null for views.</summary>
    public string? Location { get; init; }

    /// <summary>Class that cuts files into rows.</summary>
    public string InputFormat { get; init; } = "";

    /// <summary>Class that cuts rows into columns.</summary>
    public string SerDe { get; init; } = "";

    /// <summary>Options of the format: those of the SerDe, and those of the table or partition, which count more.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Reads the description of a table, or that of a partition on top of its table's.</summary>
    /// <exception cref="TarnException">DataCorrupted: a list in it is no list.</exception>
    public static ForeignStorage Read(IReadOnlyDictionary<string, string> properties, IReadOnlyDictionary<string, string>? table = null)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        Take(properties, SerDeParameters, options);
        if (table is not null)
            Take(table, Parameters, options);
        Take(properties, Parameters, options);
        return new ForeignStorage
        {
            Columns = ReadColumns(properties, "sd.cols"),
            Location = properties.GetValueOrDefault("sd.location"),
            InputFormat = properties.GetValueOrDefault("sd.inputFormat") ?? "",
            SerDe = properties.GetValueOrDefault("sd.serdeInfo.serializationLib") ?? "",
            Options = options,
        };
    }

    /// <summary>The columns that a table's files do not have: its partition keys.</summary>
    public static IReadOnlyList<StoredColumn> PartitionKeys(IReadOnlyDictionary<string, string> properties) => ReadColumns(properties, "partitionKeys");

    /// <summary>The values of a partition.</summary>
    public static IReadOnlyList<string> Values(IReadOnlyDictionary<string, string> properties) =>
        properties.TryGetValue("values", out string? json) ? Parse(json, StoredJson.Default.ListString) : [];

    private static IReadOnlyList<StoredColumn> ReadColumns(IReadOnlyDictionary<string, string> properties, string key) =>
        properties.TryGetValue(key, out string? json) ? Parse(json, StoredJson.Default.ListStoredColumn) : [];

    private static List<T> Parse<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<List<T>> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? [];
        }
        catch (JsonException error)
        {
            throw TarnException.Corrupted($"A list in the description of a table is damaged: {JsonDefect.Explain(json, error)}.", error);
        }
    }

    private static void Take(IReadOnlyDictionary<string, string> properties, string prefix, Dictionary<string, string> options)
    {
        foreach (var (key, value) in properties.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)))
            options[key[prefix.Length..]] = value;
    }
}

/// <summary>Lists inside of flat properties.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(List<StoredColumn>))]
internal sealed partial class StoredJson : JsonSerializerContext;
