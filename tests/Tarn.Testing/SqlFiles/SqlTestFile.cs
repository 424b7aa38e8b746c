namespace Tarn.Testing.SqlFiles;

/// <summary>A file of SQL and what it must answer, in the form of sqllogictest; <c>tests/sql/README.md</c> describes it.</summary>
public sealed record SqlTestFile(string Name, IReadOnlyList<SqlTestRecord> Records)
{
    /// <summary>Reads a file from disk.</summary>
    /// <exception cref="FormatException">The file breaks the form; the message names file and line.</exception>
    public static SqlTestFile Load(string path) => Parse(Path.GetFileName(path), File.ReadAllText(path));

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">The text breaks the form; the message names <paramref name="name"/> and the line.</exception>
    public static SqlTestFile Parse(string name, string text) => new(name, new SqlTestParser(name, text).Read());
}

/// <summary>One step of a file.</summary>
public abstract record SqlTestRecord
{
    /// <summary>The line it starts on, from 1.</summary>
    public int Line { get; init; }

    /// <summary>When it is left out.</summary>
    public IReadOnlyList<SqlTestCondition> Conditions { get; init; } = [];
}

/// <summary><c>skipif configuration reason</c> or <c>onlyif configuration reason</c>.</summary>
public sealed record SqlTestCondition(bool Only, string Configuration, string Reason);

/// <summary><c>statement ok</c> or <c>statement error pattern</c>.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Error">The regular expression that the message must match somewhere, ignoring case; null when the statement must succeed.</param>
public sealed record StatementRecord(string Sql, string? Error) : SqlTestRecord;

/// <summary>In which order rows are compared.</summary>
public enum SqlTestSort
{
    /// <summary>As the query gives them.</summary>
    None,

    /// <summary>Both sides sorted.</summary>
    Rows,
}

/// <summary><c>query types [rowsort]</c>, the statement, <c>----</c> and the rows.</summary>
/// <param name="Sql">The query.</param>
/// <param name="Types">One letter for each column: I integer, R number with fraction, T text.</param>
/// <param name="Sort">The order.</param>
/// <param name="Rows">The rows expected; null is SQL NULL.</param>
public sealed record QueryRecord(string Sql, string Types, SqlTestSort Sort, IReadOnlyList<IReadOnlyList<string?>> Rows) : SqlTestRecord;

/// <summary><c>reopen</c>: the data is closed and opened again.</summary>
public sealed record ReopenRecord : SqlTestRecord;

/// <summary><c>halt</c>: the rest of the file is left out.</summary>
public sealed record HaltRecord : SqlTestRecord;
