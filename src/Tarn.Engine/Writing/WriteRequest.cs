using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Writing;

/// <summary>What is to be written and how.</summary>
/// <param name="SourceSql">A query whose columns are those of <paramref name="Schema"/>, in order and castable; their names do not matter.</param>
/// <param name="Schema">Schema of the files.</param>
/// <param name="Spec">Partition spec.</param>
/// <param name="Order">Sort order.</param>
/// <param name="DataLocation">Where the files go, without trailing slash.</param>
/// <param name="Settings">Properties of the table that concern files.</param>
internal sealed record WriteRequest(string SourceSql, Schema Schema, PartitionSpec Spec, SortOrder Order, string DataLocation, WriteSettings Settings)
{
    /// <summary>A write into a table as it is now.</summary>
    public static WriteRequest Into(TableMetadata metadata, string sourceSql) =>
        new(sourceSql, metadata.CurrentSchema, metadata.DefaultSpec, metadata.DefaultSortOrder, WriteSettings.DataLocation(metadata), WriteSettings.Of(metadata.Properties));
}

/// <summary>Table properties that say how data files are written, with the names and defaults of the Iceberg documentation.</summary>
internal sealed record WriteSettings
{
    /// <summary><c>write.target-file-size-bytes</c>.</summary>
    public long TargetFileSizeBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary><c>write.parquet.compression-codec</c>.</summary>
    public string Codec { get; init; } = "zstd";

    /// <summary><c>write.parquet.compression-level</c>; null is the codec's own.</summary>
    public int? CodecLevel { get; init; }

    /// <summary><c>write.metadata.metrics.default</c> and <c>….column.&lt;name&gt;</c>.</summary>
    public MetricsSettings Metrics { get; init; } = new(new Dictionary<string, string>());

    /// <summary>Reads the properties.</summary>
    /// <exception cref="TarnException">InvalidRequest naming property and value.</exception>
    public static WriteSettings Of(IReadOnlyDictionary<string, string> properties) => new()
    {
        TargetFileSizeBytes = Number(properties, "write.target-file-size-bytes", 512L * 1024 * 1024),
        Codec = CodecOf(properties.GetValueOrDefault("write.parquet.compression-codec", "zstd")),
        CodecLevel = properties.ContainsKey("write.parquet.compression-level") ? (int)Number(properties, "write.parquet.compression-level", 3) : null,
        Metrics = new MetricsSettings(properties),
    };

    /// <summary>Refuses values with which no file could be written.</summary>
    /// <exception cref="TarnException">InvalidRequest naming property and value.</exception>
    public static void Check(IReadOnlyDictionary<string, string> properties) => Of(properties).Metrics.Check();

    /// <summary>Where data files of a table go (<c>write.data.path</c>).</summary>
    public static string DataLocation(TableMetadata metadata) =>
        (metadata.Properties.GetValueOrDefault("write.data.path") ?? $"{metadata.Location.TrimEnd('/')}/data").TrimEnd('/');

    private static long Number(IReadOnlyDictionary<string, string> properties, string name, long defaultValue)
    {
        if (!properties.TryGetValue(name, out string? text))
            return defaultValue;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0
            ? value
            : throw TarnException.Invalid($"Table property {name} is '{text}'; give a positive number.");
    }

    private static string CodecOf(string codec) => codec.ToLowerInvariant() switch
    {
        "zstd" or "snappy" or "gzip" or "brotli" or "lz4_raw" or "uncompressed" => codec.ToLowerInvariant(),
        "lz4" => "lz4_raw",
        "none" => "uncompressed",
        _ => throw TarnException.Invalid($"Table property write.parquet.compression-codec is '{codec}'; give zstd, snappy, gzip, brotli, lz4 or uncompressed."),
    };
}
