namespace Tarn.Iceberg.Lineage;

/// <summary>How something ended.</summary>
public enum LineageStatus
{
    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>It failed, and nothing was written.</summary>
    Failed,

    /// <summary>It was cancelled, or its rows were not read to the end.</summary>
    Cancelled,
}

/// <summary>A statement, or a commit or scan of another engine: who read and wrote what. It holds no values of statements, so no secrets.</summary>
public sealed record LineageEvent
{
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who did it.</summary>
    public required string Principal { get; init; }

    /// <summary>With what, e.g. <c>tarn</c>, <c>spark 3.5.3</c>, <c>PyIceberg/0.9.1</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>What it was: <c>SELECT</c>, <c>INSERT</c>, <c>CREATE TABLE</c>, <c>INGEST</c>, …; of other engines <c>scan</c>, <c>plan</c> for files that were found for them, or the operation of the snapshot.</summary>
    public required string Operation { get; init; }

    /// <summary>How it ended.</summary>
    public LineageStatus Status { get; init; }

    /// <summary>How long it took; null when that is not known, as for other engines.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The statement with <c>?</c> in place of every constant, cut at <see cref="StatementShape.MaxLength"/> characters; null for what was no statement.</summary>
    public string? Statement { get; init; }

    /// <summary>Tells statements of one shape from all others; null for what was no statement.</summary>
    public string? StatementHash { get; init; }

    /// <summary>What was read.</summary>
    public IReadOnlyList<LineageObject> Inputs { get; init; } = [];

    /// <summary>What was written.</summary>
    public IReadOnlyList<LineageObject> Outputs { get; init; } = [];

    /// <summary>Name and version of an engine as Iceberg's libraries write them into the summaries of snapshots and the metadata of reports, or null.</summary>
    public static string? EngineIn(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault("engine-name") is { Length: > 0 } name ? $"{name} {metadata.GetValueOrDefault("engine-version")}".TrimEnd() : null;
}

/// <summary>Something that was read or written.</summary>
/// <param name="Kind"><c>table</c>, <c>view</c> or <c>file</c>.</param>
/// <param name="Name">For a table or view <c>lake/sales.orders</c>, with the address of its catalog; the path of a file.</param>
/// <param name="SnapshotId">The snapshot of a table that was read or made; null when it has none or that is not known.</param>
/// <param name="Columns">The columns, where they are known; else empty.</param>
public sealed record LineageObject(string Kind, string Name, long? SnapshotId = null, IReadOnlyList<string>? Columns = null)
{
    /// <summary>Most columns that are named: those of any usual table.</summary>
    public const int MaxColumns = 256;

    /// <summary>A table.</summary>
    public const string Table = "table";

    /// <summary>A view.</summary>
    public const string View = "view";

    /// <summary>A file outside of every catalog.</summary>
    public const string File = "file";

    /// <summary>The name of a table or view.</summary>
    /// <param name="catalog">Address of its catalog.</param>
    /// <param name="name">Its name there.</param>
    public static string NameOf(string catalog, object name) => $"{catalog}/{name}";
}
