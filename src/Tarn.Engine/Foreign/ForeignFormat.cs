using Tarn.Core.Errors;

namespace Tarn.Engine.Foreign;

/// <summary>How files of other tables are read.</summary>
internal enum ForeignFormat
{
    /// <summary>Parquet, columns by name.</summary>
    Parquet,

    /// <summary>Lines with separators, as LazySimpleSerDe reads them.</summary>
    Text,

    /// <summary>Lines with quotes, as OpenCSVSerde reads them.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>Which format a description means. What is not known for certain is refused by name: a guess could be a wrong row.</summary>
internal static class ForeignFormats
{
    private const string TextInput = "org.apache.hadoop.mapred.TextInputFormat";

    private static readonly (string SerDe, string InputFormat, ForeignFormat Format)[] s_known =
    [
        ("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", ForeignFormat.Parquet),
        ("parquet.hive.serde.ParquetHiveSerDe", "parquet.hive.DeprecatedParquetInputFormat", ForeignFormat.Parquet),
        ("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", TextInput, ForeignFormat.Text),
        ("org.apache.hadoop.hive.serde2.OpenCSVSerde", TextInput, ForeignFormat.Csv),
        ("org.apache.hive.hcatalog.data.JsonSerDe", TextInput, ForeignFormat.Json),
        ("org.apache.hadoop.hive.serde2.JsonSerDe", TextInput, ForeignFormat.Json),
    ];

    // Words in class names, for people who do not know the classes.
    private static readonly (string Word, string Name)[] s_others =
        [("orc", "ORC"), ("avro", "Avro"), ("hudi", "Hudi"), ("delta", "Delta Lake"), ("kudu", "Kudu"), ("hbase", "HBase"), ("sequencefile", "SequenceFile"), ("rcfile", "RCFile"), ("symlink", "symlink lists")];

    // Options with which the same files are other rows than are read here.
    private static readonly (string Key, Func<string, bool> IsHarmless)[] s_refused =
    [
        ("transactional", value => !IsTrue(value)),
        ("storage_handler", value => value.Length == 0),
        ("projection.enabled", value => !IsTrue(value)),
        ("parquet.column.index.access", value => !IsTrue(value)),
        ("skip.footer.line.count", value => value.Trim() == "0"),
        ("serialization.last.column.takes.rest", value => !IsTrue(value)),
        ("serialization.encoding", value => value.Replace("-", "", StringComparison.Ordinal).Equals("UTF8", StringComparison.OrdinalIgnoreCase)),
        ("line.delim", value => value is "\n" or "10"),
        ("timestamp.formats", value => value.Length == 0),
        ("textinputformat.record.delimiter", value => value == "\n"),
        ("spark.sql.sources.provider", value => value.Equals("parquet", StringComparison.OrdinalIgnoreCase) || value.Equals("hive", StringComparison.OrdinalIgnoreCase)),
    ];

    /// <summary>The format.</summary>
    /// <param name="storage">What is said of the files.</param>
    /// <param name="name">Table or partition, for messages.</param>
    /// <exception cref="TarnException">Unsupported: it is another one, or an option changes what its files mean.</exception>
    public static ForeignFormat Of(ForeignStorage storage, string name)
    {
        foreach (var (key, isHarmless) in s_refused)
        {
            if (storage.Options.TryGetValue(key, out string? value) && !isHarmless(value))
                throw TarnException.Unsupported($"{name} has {key} = '{value}', which this version of Tarn does not read. Read it with the engine that wrote it, or copy its rows into an Iceberg table there.");
        }

        foreach (var known in s_known)
        {
            if (known.SerDe == storage.SerDe && known.InputFormat == storage.InputFormat)
                return known.Format;
        }

        string classes = $"SerDe '{storage.SerDe}' with input format '{storage.InputFormat}'";
        string? other = s_others.FirstOrDefault(o => classes.Contains(o.Word, StringComparison.OrdinalIgnoreCase)).Name;
        throw TarnException.Unsupported($"{name} is {(other is null ? "of a format that is not known" : $"in the format {other}")} ({classes}). Of tables that are not Iceberg's, this version of Tarn reads Parquet, text (LazySimpleSerDe), CSV (OpenCSVSerde) and JSON (JsonSerDe).");
    }

    private static bool IsTrue(string value) => value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
}
