using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Iceberg.Catalogs;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Registers tables of other formats as the Hive Metastore door stores them.</summary>
internal static class HiveTables
{
    public const string ParquetSerDe = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", ParquetInput = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
    public const string TextInput = "org.apache.hadoop.mapred.TextInputFormat";
    public const string SimpleSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", CsvSerDe = "org.apache.hadoop.hive.serde2.OpenCSVSerde", JsonSerDe = "org.apache.hive.hcatalog.data.JsonSerDe";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>A table without partitions.</summary>
    /// <param name="location">Its folder.</param>
    /// <param name="columns">Names and types, separated by a blank.</param>
    /// <param name="serDe">Class that reads rows.</param>
    /// <param name="input">Class that cuts files into rows.</param>
    /// <param name="options">Further properties, with their whole keys.</param>
    /// <param name="keys">Partition keys, as the columns.</param>
    public static ForeignTable New(string location, string[] columns, string serDe = ParquetSerDe, string input = ParquetInput, Dictionary<string, string>? options = null, string[]? keys = null)
    {
        var properties = new Dictionary<string, string>(options ?? [])
        {
            ["tableType"] = "EXTERNAL_TABLE",
            ["sd.cols"] = Columns(columns),
            ["sd.location"] = location,
            ["sd.inputFormat"] = input,
            ["sd.outputFormat"] = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            ["sd.serdeInfo.serializationLib"] = serDe,
        };
        if (keys is not null)
            properties["partitionKeys"] = Columns(keys);
        return new ForeignTable(properties.ToImmutableSortedDictionary(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal));
    }

    /// <summary>The table with one more partition.</summary>
    public static ForeignTable With(this ForeignTable table, string name, string location, params string[] values)
    {
        string[] shared = ["sd.inputFormat", "sd.outputFormat", "sd.serdeInfo.serializationLib"];
        var partition = table.Properties.Where(p => shared.Contains(p.Key) || p.Key.StartsWith("sd.serdeInfo.parameters.", StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return table with { Partitions = table.Partitions.Add(name, partition.Add("values", JsonSerializer.Serialize(values)).Add("sd.location", location)) };
    }

    /// <summary>Registers it as <c>plain.t</c>, or another name in that schema.</summary>
    public static async Task RegisterAsync(this LocalLake lake, ForeignTable table, string name = "t")
    {
        await lake.RunAsync("CREATE SCHEMA IF NOT EXISTS plain");
        await lake.Catalog.CommitForeignTableAsync(TableIdentifier.Of("plain", name), null, table);
    }

    /// <summary>Rows of a query as text, one line each.</summary>
    public static async Task<string[]> LinesAsync(this LocalLake lake, string sql) =>
        [.. (await lake.RunAsync($"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql}) AS q")).Select(r => string.Join('|', r.Select(v => v ?? "∅")))];

    private static string Columns(string[] columns) => JsonSerializer.Serialize(columns.Select(c => new { Name = c[..c.IndexOf(' ', StringComparison.Ordinal)], Type = c[(c.IndexOf(' ', StringComparison.Ordinal) + 1)..] }), s_json);
}
