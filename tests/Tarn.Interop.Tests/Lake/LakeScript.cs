namespace Tarn.Interop.Tests.Lake;

/// <summary>The statements that make the lake: those of <c>lake.sql</c>, and a table for each partition transform over each type it takes.</summary>
internal static class LakeScript
{
    /// <summary>The column of type time, which Spark refuses a whole table for: only the tables that are partitioned by it have it.</summary>
    public const string Clock = "clock";

    private static readonly string[] Everything = ["b", "i", "l", "n9", "n38", "day", Clock, "wall", "moment", "s", "u", "raw"];
    private static readonly string[] Moments = ["wall", "moment"];

    private static readonly (string Transform, string[] Columns)[] Transforms =
    [
        ("identity", Everything),
        ("bucket", [.. Everything[1..]]),
        ("truncate", ["i", "l", "n9", "n38", "s", "raw"]),
        ("year", ["day", .. Moments]),
        ("month", ["day", .. Moments]),
        ("day", ["day", .. Moments]),
        ("hour", Moments),
    ];

    /// <summary>All statements in order.</summary>
    public static IReadOnlyList<string> Statements { get; } = [.. FileStatements(), .. Transforms.SelectMany(t => t.Columns.Select(c => PartitionedTable(t.Transform, c)))];

    private static IEnumerable<string> FileStatements()
    {
        var lines = File.ReadLines(Path.Join(AppContext.BaseDirectory, "Lake", "lake.sql")).Where(line => !line.StartsWith("--", StringComparison.Ordinal));
        return string.Join('\n', lines).Split(";\n").Select(s => s.Trim(' ', '\n', ';')).Where(s => s.Length > 0);
    }

    private static string PartitionedTable(string transform, string column)
    {
        string term = transform switch
        {
            "identity" => column,
            "bucket" => $"bucket({column}, 4)",
            "truncate" => $"truncate({column}, {(column is "s" or "raw" ? 2 : 10)})",
            _ => $"{transform}({column})",
        };
        string columns = column == Clock ? "*" : $"* EXCLUDE ({Clock})";
        return $"CREATE TABLE parts.{transform}_{column} WITH (partitioning = ARRAY['{term}']) AS SELECT {columns} FROM parts.source";
    }
}
