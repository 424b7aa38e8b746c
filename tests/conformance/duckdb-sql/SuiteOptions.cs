namespace Tarn.Conformance.DuckDbSql;

/// <summary>What the command line says.</summary>
/// <param name="Suite">A checkout of DuckDB's sources.</param>
/// <param name="Groups">Folders or files below <c>test/sql</c>.</param>
internal sealed record SuiteOptions(string Suite, IReadOnlyList<string> Groups)
{
    /// <summary>The groups that are about queries.</summary>
    public static readonly IReadOnlyList<string> QueryGroups =
    [
        "aggregate", "binder", "cast", "collate", "conjunction", "copy", "cte", "filter", "function", "join", "json", "limit", "optimizer", "order", "ordinality", "overflow", "parallelism", "parser", "pivot",
        "projection", "sample", "select", "setops", "show_select", "subquery", "table_function", "timezone", "topn", "types", "variables", "vector_types", "window",
    ];

    /// <summary>Where every record that did not pass is written, a JSON object a line; null for nowhere.</summary>
    public string? Details { get; init; }

    /// <summary>Files at once.</summary>
    public int Jobs { get; init; } = 2;

    /// <summary>Time for one record.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Say each file before it runs.</summary>
    public bool IsVerbose { get; init; }

    /// <exception cref="ArgumentException">A word is not known or has no value.</exception>
    public static SuiteOptions Parse(string[] words)
    {
        string? suite = null;
        var groups = new List<string>();
        var options = new SuiteOptions("", groups);
        for (int i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--suite": suite = Path.GetFullPath(words[++i]); break;
                case "--details": options = options with { Details = Path.GetFullPath(words[++i]) }; break;
                case "--jobs": options = options with { Jobs = int.Parse(words[++i]) }; break;
                case "--seconds": options = options with { Limit = TimeSpan.FromSeconds(int.Parse(words[++i])) }; break;
                case "--verbose": options = options with { IsVerbose = true }; break;
                case var other when other.StartsWith('-'): throw new ArgumentException($"unknown option {other}");
                default: groups.Add(words[i]); break;
            }
        }

        if (groups.Count == 0)
            groups.AddRange(QueryGroups);
        return suite is not null && Directory.Exists(Path.Combine(suite, "test", "sql"))
            ? options with { Suite = suite }
            : throw new ArgumentException("--suite names a checkout of duckdb/duckdb, with its folders test and data");
    }

    /// <summary>The files to run, below the suite's folder; <c>.test_slow</c> files are left out.</summary>
    public IReadOnlyList<string> Files() =>
        [.. Groups.SelectMany(g => File.Exists($"test/sql/{g}") ? [$"test/sql/{g}"] : Directory.EnumerateFiles($"test/sql/{g}", "*.test", SearchOption.AllDirectories)).Select(f => f.Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
