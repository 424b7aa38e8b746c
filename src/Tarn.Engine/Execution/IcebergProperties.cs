using Tarn.Engine.Sql.Parsing;

namespace Tarn.Engine.Execution;

/// <summary>
/// The names of Iceberg's table properties, as its documentation lists them (Configuration, Table properties) and its library and engines know them. Engines add
/// names of their own, so that one which is not here may be right; one that is nearly here is misspelled.
/// </summary>
internal static class IcebergProperties
{
    // Two slips of the pen in one name are a mistake, three are another name: write.location-provider.impl and write.py-location-provider.impl.
    private const int MaxSlips = 2;

    // Behind it stands the name of a column.
    private const string OfColumn = ".column.";

    // Where all names are Iceberg's.
    private static readonly string[] s_prefixes = ["write.", "read.", "commit.", "history.", "format"];

    private static readonly string[] s_fileFormats = ["parquet.", "avro.", "orc.", "delete.parquet.", "delete.avro.", "delete.orc."];

    private static readonly string[] s_names =
    [
        "format-version",
        "read.split.target-size", "read.split.metadata-target-size", "read.split.planning-lookback", "read.split.open-file-cost", "read.split.adaptive-size.enabled",
        "read.parquet.vectorization.enabled", "read.parquet.vectorization.batch-size", "read.orc.vectorization.enabled", "read.orc.vectorization.batch-size",
        "read.data-planning-mode", "read.delete-planning-mode", "read.spark.parquet.reader-type",
        .. s_fileFormats.SelectMany(f => new[] { $"write.{f}compression-codec", $"write.{f}compression-level", $"write.{f}compression-strategy" }),
        .. s_fileFormats.Where(f => f.EndsWith("parquet.", StringComparison.Ordinal)).SelectMany(OfParquet),
        .. s_fileFormats.Where(f => f.EndsWith("orc.", StringComparison.Ordinal)).SelectMany(f => new[]
        {
            $"write.{f}stripe-size-bytes", $"write.{f}block-size-bytes", $"write.{f}vectorized.batch-size", $"write.{f}bloom.filter.columns", $"write.{f}bloom.filter.fpp",
        }),
        .. new[] { "", "delete." }.SelectMany(k => new[] { $"write.{k}format.default", $"write.{k}target-file-size-bytes" }),
        .. new[] { "", "delete.", "update.", "merge." }.Select(k => $"write.{k}distribution-mode"),
        .. new[] { "delete", "update", "merge" }.SelectMany(k => new[] { $"write.{k}.mode", $"write.{k}.isolation-level" }),
        "write.delete.granularity", "write.merge.cardinality-check.enabled", "write.upsert.enabled", "write.wap.enabled", "write.summary.partition-limit", "write.manifest-lists.enabled",
        "write.location-provider.impl", "write.py-location-provider.impl", "write.data.path", "write.metadata.path", "write.folder-storage.path",
        "write.object-storage.enabled", "write.object-storage.path", "write.object-storage.partitioned-paths",
        "write.metadata.compression-codec", "write.metadata.delete-after-commit.enabled", "write.metadata.previous-versions-max",
        "write.metadata.metrics.default", "write.metadata.metrics.max-inferred-column-defaults", "write.metadata.metrics.column.",
        "write.spark.fanout.enabled", "write.spark.accept-any-schema", "write.spark.advisory-partition-size-bytes",
        .. new[] { "retry", "status-check" }.SelectMany(k => new[] { "num-retries", "min-wait-ms", "max-wait-ms", "total-timeout-ms" }.Select(n => $"commit.{k}.{n}")),
        "commit.manifest.target-size-bytes", "commit.manifest.min-count-to-merge", "commit.manifest-merge.enabled",
        "history.expire.max-snapshot-age-ms", "history.expire.min-snapshots-to-keep", "history.expire.max-ref-age-ms",
    ];

    /// <summary>The name that a misspelled one means; null for a right one, and for one that is like none.</summary>
    public static string? Misspelled(string name)
    {
        if (!s_prefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            return null;
        int column = name.IndexOf(OfColumn, StringComparison.OrdinalIgnoreCase);
        string given = column < 0 ? name : name[..(column + OfColumn.Length)];
        if (s_names.Contains(given, StringComparer.Ordinal))
            return null;
        var (near, slips) = s_names.Select(n => (Name: n, Slips: Spelling.Distance(given, n))).MinBy(n => n.Slips);
        return slips <= MaxSlips ? near : null;
    }

    private static string[] OfParquet(string format) =>
    [
        .. new[]
        {
            "row-group-size-bytes", "row-group-check-min-record-count", "row-group-check-max-record-count", "page-size-bytes", "page-row-limit", "page-version", "dict-size-bytes",
            "bloom-filter-max-bytes", "bloom-filter-enabled.column.", "bloom-filter-fpp.column.", "bloom-filter-ndv.column.", "stats-enabled.column.", "shred-variants",
        }.Select(n => $"write.{format}{n}"),
    ];
}
