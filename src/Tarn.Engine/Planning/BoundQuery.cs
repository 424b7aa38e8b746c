using System.Globalization;
using System.Text.RegularExpressions;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>A query in which every table is replaced by a mark, in whose place the SQL that reads it goes.</summary>
/// <param name="Sql">The query for the engine.</param>
/// <param name="Scans">The tables whose marks it has.</param>
/// <param name="OriginalOffset">From an offset in <paramref name="Sql"/> to one in the query as given.</param>
internal sealed partial record BoundQuery(string Sql, IReadOnlyList<ScanReference> Scans, Func<int, int> OriginalOffset)
{
    /// <summary>What marks begin with. No query may say it itself.</summary>
    public const string MarkPrefix = "__tarn_scan_";

    /// <summary>From the engine's name of a column to the table's, where they differ (names that differ in case only).</summary>
    public IReadOnlyDictionary<string, string> OriginalNames { get; init; } = new Dictionary<string, string>();

    /// <summary>The views that the query names, directly and through others.</summary>
    public IReadOnlyList<TableSource.View> Views { get; init; } = [];

    /// <summary>Those of <see cref="Views"/> whose columns follow the tables.</summary>
    public IReadOnlyList<StarredView> Starred { get; init; } = [];

    /// <summary>Whether a name in the query of a new view says no catalog, and so means that of its scope. Not found out for any other query.</summary>
    public bool IsScoped { get; init; }

    /// <summary>False when nothing in the query, nor in the views it names, can filter rows: no condition and no join.</summary>
    public bool MayFilter { get; init; } = true;

    /// <summary>
    /// Its conditions must not reach the engine's reader of files: of <c>a IS DISTINCT FROM 1 OR a = 2</c> that leaves out row groups with nothing but nulls, which match.
    /// </summary>
    public bool IsMisread { get; init; }

    /// <summary>The result columns of a query that only counts the rows of a table, its one scan; null for any other.</summary>
    public IReadOnlyList<string>? CountColumns { get; init; }

    /// <summary>Files outside of the catalogs that the query, or a view it names, says in literal text.</summary>
    public IReadOnlyList<LocalFileReference> LocalFiles { get; init; } = [];

    /// <summary>Names that no catalog has and the engine may know, a file's for instance, and what finds out what to say when it does not: it lists the catalog.</summary>
    public IReadOnlyDictionary<string, Func<CancellationToken, ValueTask<TarnException>>> Missing { get; init; } = new Dictionary<string, Func<CancellationToken, ValueTask<TarnException>>>();

    /// <summary>How many rows the query asks for that is content with any of one local relation; null for any other.</summary>
    public long? PreviewRows { get; init; }

    /// <summary>True when <see cref="Sql"/> asks for one row more than <see cref="PreviewRows"/>, which is not to be given.</summary>
    public bool AsksOneRowMore { get; init; }

    /// <summary>Names of result columns that are <c>timestamptz_ns</c> columns of a table as they are; see <see cref="Planning.ZonedColumns"/>.</summary>
    public IReadOnlySet<string> ZonedColumns { get; init; } = new HashSet<string>();

    /// <summary>True for a column of instants in nanoseconds, whose zone the engine has forgotten.</summary>
    public bool IsZoned(DuckDbColumn column) => column.Type.Id == DuckDbTypeId.TimestampNs && ZonedColumns.Contains(column.Name);

    /// <summary>A column of the engine's result under the table's name and with its zone.</summary>
    public ResultColumn ResultColumn(DuckDbColumn column) =>
        new(OriginalNames.GetValueOrDefault(column.Name, column.Name), IsZoned(column) ? column.Type.WithAlias(EngineType.ZonedNanos) : column.Type);

    /// <summary>True for a query with a PIVOT whose values are yet to be found, which the engine runs as several statements.</summary>
    public bool IsPivot { get; init; }

    /// <summary>Refuses a query that is several statements where it must be a part of one.</summary>
    /// <exception cref="TarnException">Unsupported: it is a PIVOT without values.</exception>
    public void RequireOneStatement()
    {
        if (IsPivot)
            throw TarnException.Unsupported("A PIVOT that finds its columns while it runs cannot be part of another statement. Write their values: PIVOT … ON column IN ('a', 'b').");
    }

    /// <summary>
    /// The query with SQL in place of the marks. A view for each table would do the same, but the engine binds a view when it is made and again when it
    /// is used, and each time reads footers.
    /// </summary>
    /// <param name="relations">For each of <see cref="Scans"/> the query that reads it.</param>
    public BoundQuery With(IReadOnlyList<string> relations)
    {
        if (relations.Count == 0)
            return this;
        var edits = new TextEdits(Sql);
        foreach (Match mark in Marks().Matches(Sql))
            edits.Replace(mark.Index, mark.Index + mark.Length, $"({relations[int.Parse(mark.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1]})");
        var edited = edits.Apply();
        return this with { Sql = edited.Text, OriginalOffset = offset => OriginalOffset(edited.OriginalOffset(offset)) };
    }

    /// <summary>Refuses a text that a mark could be mistaken in.</summary>
    /// <exception cref="TarnException">InvalidRequest: it says <see cref="MarkPrefix"/>.</exception>
    public static void RefuseMarks(string query)
    {
        if (query.Contains(MarkPrefix, StringComparison.OrdinalIgnoreCase))
            throw TarnException.Invalid($"The query says '{MarkPrefix}', which is reserved for Tarn's own use. Choose another name.");
    }

    [GeneratedRegex($"\"{MarkPrefix}([0-9]+)\"")]
    private static partial Regex Marks();
}

/// <summary>One use of a table in a query.</summary>
/// <param name="Ordinal">Number within the statement.</param>
/// <param name="Table">The table.</param>
/// <param name="Scan">The version of it to read.</param>
internal sealed record ScanReference(int Ordinal, TableSource.Table Table, TableScan Scan)
{
    /// <summary>True for rows of the table, false for rows about it (<c>orders$files</c>).</summary>
    public bool IsData => Table.MetadataTable is null;

    /// <summary>The schema that the table is read with.</summary>
    public Schema Schema => Scan.Schema;

    /// <summary>What columns begin with while filters are looked for; the field id follows. No user's column does.</summary>
    public string ColumnPrefix => $"__tarn_c{Ordinal}_";

    /// <summary>What stands for it in a bound query until the SQL that reads it is known.</summary>
    public string Mark => $"\"{BoundQuery.MarkPrefix}{Ordinal}\"";
}
