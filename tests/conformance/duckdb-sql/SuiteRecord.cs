namespace Tarn.Conformance.DuckDbSql;

/// <summary>What a record of a file demands.</summary>
internal enum RecordKind
{
    /// <summary>The statement succeeds.</summary>
    Ok,

    /// <summary>The statement fails.</summary>
    Error,

    /// <summary>The statement may succeed or fail.</summary>
    Maybe,

    /// <summary>The query gives rows.</summary>
    Query,

    /// <summary>A word of the runner itself: <c>require</c>, <c>mode</c>, <c>load</c>, …</summary>
    Directive,
}

/// <summary>A record of a file with the variables of its loops put in.</summary>
internal sealed record SuiteRecord(int Line, RecordKind Kind, IReadOnlyList<string> Words)
{
    /// <summary>The statement; empty for a directive.</summary>
    public string Sql { get; init; } = "";

    /// <summary>The lines behind <c>----</c>.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];

    /// <summary><c>nosort</c>, <c>rowsort</c> or <c>valuesort</c> of a query.</summary>
    public string Sort { get; init; } = "nosort";

    /// <summary>The connection that runs it; empty for the first.</summary>
    public string Connection { get; init; } = "";
}
