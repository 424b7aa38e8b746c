using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tarn.CommandLine;
using Tarn.Engine.Sql;

namespace Tarn.Commands;

/// <summary>Builds the query that <c>read</c> and <c>export</c> run.</summary>
internal static partial class TableQuery
{
    /// <summary>The options that <see cref="Of"/> reads.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } = [TableOptions.Columns, TableOptions.Where, TableOptions.Limit, TableOptions.At];

    /// <summary>The SELECT that the options describe.</summary>
    public static string Of(ParsedCommand words, TableName table)
    {
        var sql = new StringBuilder("SELECT ")
            .Append(words.Value("columns") is { } columns ? Columns(columns) : "*")
            .Append(" FROM ").Append(table.Sql);
        if (words.Value("at") is { } at)
            sql.Append(PointInTime.Parse(at).Sql);
        if (words.Value("where") is { } where)
            sql.Append(" WHERE ").Append(where).Append('\n'); // a comment at its end must not swallow the rest
        if (words.Number("limit") is { } limit)
            sql.Append(" LIMIT ").Append(limit.ToString(CultureInfo.InvariantCulture));
        return sql.ToString();
    }

    // A list of bare names is quoted, so that a column may be called order; anything else is SQL.
    private static string Columns(string list)
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(names, name => BareName().IsMatch(name)) ? string.Join(", ", names.Select(SqlPrinter.QuoteIdentifier)) : list;
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_]*$")]
    private static partial Regex BareName();
}
