using System.Globalization;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>A source file as the engine reads it.</summary>
/// <param name="File">The file.</param>
/// <param name="FromSql">What stands behind FROM.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Dialect">How delimited text is written; null for other formats.</param>
internal sealed record SourceRelation(SourceFile File, string FromSql, IReadOnlyList<SourceColumn> Columns, CsvDialect? Dialect = null)
{
    /// <summary>Name of the column that numbers records.</summary>
    public const string RecordColumn = "__tarn_record";

    /// <summary>What stands behind FROM for the same columns and <see cref="RecordColumn"/>, which counts from 1.</summary>
    /// <param name="skipsMisshapen">Whether records of delimited text that do not read are left out, and not counted; else they are errors.</param>
    public string NumberedSql(bool skipsMisshapen) => (File.Format, Dialect) switch
    {
        (SourceFormat.Parquet, _) => NumberedParquetSql,
        (_, { } dialect) when skipsMisshapen => $"(SELECT row_number() OVER () AS {RecordColumn}, * FROM {dialect.FromSql(File, ", ignore_errors = true")})",
        _ => $"(SELECT row_number() OVER () AS {RecordColumn}, * FROM {FromSql})",
    };

    /// <summary>A record as it stood in the file, as far as its columns tell: an expression.</summary>
    public string ContentSql => Dialect is { } dialect
        ? $"concat_ws({EngineSql.String(dialect.Delimiter)}, {string.Join(", ", dialect.Columns.Select(c => $"coalesce({EngineSql.Identifier(c.Name)}, '')"))})"
        : $"to_json(struct_pack({string.Join(", ", Columns.Select(c => $"{EngineSql.Identifier(c.Name)} := {EngineSql.Identifier(c.Name)}"))}))::VARCHAR";

    /// <summary>How a place in the file is told.</summary>
    /// <param name="place">A line, or for JSON and Parquet the number of the record.</param>
    public string Place(long place) => string.Create(CultureInfo.InvariantCulture, $"File '{File.Name}', {PlaceWord} {place}");

    /// <summary>The table's column for a column of the source: of the same name, else of the same but for case.</summary>
    public NestedField? TargetOf(SourceColumn column, Schema table) =>
        table.Fields.FirstOrDefault(f => f.Name == column.Name) ?? table.Fields.FirstOrDefault(f => f.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The source's column for a column of the table.</summary>
    public SourceColumn? Find(string name) =>
        Columns.FirstOrDefault(c => c.Name == name) ?? Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // A column of the file hides the engine's own of the name file_row_number: all of them get other names and their own ones back.
    private string NumberedParquetSql =>
        $"(SELECT file_row_number + 1 AS {RecordColumn}, {string.Join(", ", Columns.Select((c, i) => $"c{i} AS {EngineSql.Identifier(c.Name)}"))} FROM {FromSql} AS __tarn_renamed({string.Join(", ", Columns.Select((_, i) => $"c{i}"))}))";

    private string PlaceWord => File.Format switch
    {
        SourceFormat.Json => "element",
        SourceFormat.Parquet => "row",
        _ => "line",
    };
}

/// <summary>A column of a source file.</summary>
/// <param name="Name">Name in the source, and in the table.</param>
/// <param name="Type">Type found out from the data; ids of nested fields only need to differ.</param>
/// <param name="Sql">Expression that reads it from the relation.</param>
/// <param name="IsText">True when the expression is the text of the value, whatever the type.</param>
internal sealed record SourceColumn(string Name, IcebergType Type, string Sql, bool IsText = false)
{
    /// <summary>The type as which JSON is told to be read; null when it is left to the engine to find out.</summary>
    public IcebergType? Read { get; init; }

    /// <summary>The type of the table for which JSON is brought into a form by <see cref="JsonShape"/>; null when it is read as it is.</summary>
    public IcebergType? ShapedFor { get; init; }

    /// <summary>True when doubles of it may be whole numbers that no double is.</summary>
    public bool MayRound { get; init; }

    /// <summary>True when an empty text stands for no value where the column of the table is of another type than text or bytes.</summary>
    public bool HasEmptyText { get; init; }

    /// <summary>The expression of the value for a type of the table, NULL for no value.</summary>
    public string SqlFor(IcebergType target) => HasEmptyText && target.Id is not (TypeId.String or TypeId.Binary) ? $"nullif({Sql}, '')" : Sql;

    /// <summary>The type of the expression.</summary>
    public IcebergType ReadType => Read ?? (IsText ? SimpleType.String : Type);
}
