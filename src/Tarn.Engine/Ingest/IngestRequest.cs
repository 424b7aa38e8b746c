using Tarn.Engine.Sql;

namespace Tarn.Engine.Ingest;

/// <summary>What becomes of the rows that the table has.</summary>
public enum IngestMode
{
    /// <summary>They stay; the new ones are added.</summary>
    Append,

    /// <summary>They go in the same commit in which the new ones come.</summary>
    Overwrite,
}

/// <summary>What becomes of columns that the table does not have, or has with a narrower type.</summary>
public enum SchemaHandling
{
    /// <summary>New columns are added, types widened where Iceberg allows it.</summary>
    Evolve,

    /// <summary>They are errors.</summary>
    Freeze,
}

/// <summary>What becomes of rows that do not fit.</summary>
public enum ErrorHandling
{
    /// <summary>The first one ends the command; nothing is changed.</summary>
    Fail,

    /// <summary>They go to the table <c>&lt;name&gt;__rejected</c> with reason, file and line.</summary>
    Quarantine,
}

/// <summary>Files to bring into a table.</summary>
/// <param name="Sources">Files, globs and folders; <c>-</c> is standard input.</param>
/// <param name="Table">Name of the table: schema and table.</param>
public sealed record IngestRequest(IReadOnlyList<string> Sources, QualifiedName Table)
{
    /// <summary>Default: append.</summary>
    public IngestMode Mode { get; init; }

    /// <summary>Default: evolve.</summary>
    public SchemaHandling Schema { get; init; }

    /// <summary>Default: fail.</summary>
    public ErrorHandling OnError { get; init; }

    /// <summary>Partition fields of a table that is created, e.g. <c>month(order_date)</c>.</summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>Opens standard input, when it is a source.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Format of all sources; null finds it out by name and content.</summary>
    public SourceFormat? Format { get; init; }

    /// <summary>Lines of every file that stand above the table, a title for example, and are left out; 0 for none. Delimited text only.</summary>
    public int SkippedLines { get; init; }
}

/// <summary>What was done.</summary>
/// <param name="RowCount">Rows brought in.</param>
/// <param name="RejectedCount">Rows put aside.</param>
/// <param name="FileCount">Source files read.</param>
/// <param name="Created">Whether the table was created.</param>
/// <param name="AddedColumns">Columns that were added to the table.</param>
/// <param name="WidenedColumns">Columns whose type was widened.</param>
/// <param name="SnapshotId">The table's snapshot after it.</param>
public sealed record IngestResult(
    long RowCount, long RejectedCount, int FileCount, bool Created, IReadOnlyList<string> AddedColumns, IReadOnlyList<string> WidenedColumns, long? SnapshotId);
