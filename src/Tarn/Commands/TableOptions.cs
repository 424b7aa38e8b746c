using Tarn.CommandLine;

namespace Tarn.Commands;

/// <summary>The argument that names a table and the options that select from it, as several commands take them.</summary>
internal static class TableOptions
{
    public static ArgumentSpec TableOrPath { get; } =
        new("TABLE", "schema.table of the lake, or the path of a table folder or metadata file (with a slash) outside of it");

    public static OptionSpec Columns { get; } = new("columns", "LIST", "columns or expressions, as behind SELECT (default: all)");

    public static OptionSpec Where { get; } = new("where", "CONDITION", "only rows for which it holds, as behind WHERE");

    public static OptionSpec Limit { get; } = new("limit", "N", "at most so many rows");

    public static OptionSpec At { get; } = new("at", "WHEN", "as it was: a snapshot id, a time (2024-03-01 or 2024-03-01T10:00:00, UTC), a branch or a tag");
}
