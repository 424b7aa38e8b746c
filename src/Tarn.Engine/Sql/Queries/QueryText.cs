namespace Tarn.Engine.Sql.Queries;

/// <summary>Which axis a time-travel clause names.</summary>
public enum TimeTravelUnit
{
    /// <summary>A snapshot id, or the name of a branch or tag.</summary>
    Version,

    /// <summary>A point in time.</summary>
    Timestamp,
}

/// <summary>A time-travel clause behind a table of a query.</summary>
/// <param name="Unit">What it names.</param>
/// <param name="Expression">The version or point in time as written.</param>
/// <param name="Source">The whole clause as written.</param>
public sealed record TimeTravelClause(TimeTravelUnit Unit, SqlText Expression, SqlText Source);

/// <summary>
/// A query in the dialect of DuckDB. Forms that only other engines know are rewritten: time travel to <c>AT (VERSION => …)</c> or
/// <c>AT (TIMESTAMP => …)</c> behind the table's alias, backtick names to double quotes, parameters <c>:name</c> to <c>$name</c>,
/// tables <c>catalog.a.b.t</c> in schemas of several levels to <c>catalog."a.b".t</c>.
/// </summary>
public sealed class QueryText
{
    private readonly IReadOnlyList<QuerySegment> _segments;

    internal QueryText(SqlText original, string text, IReadOnlyList<QuerySegment> segments, IReadOnlyList<TimeTravelClause> timeTravel)
    {
        Original = original;
        Text = text;
        TimeTravel = timeTravel;
        _segments = segments;
    }

    /// <summary>The query as written.</summary>
    public SqlText Original { get; }

    /// <summary>The query for DuckDB; the text as written when nothing had to be rewritten.</summary>
    public string Text { get; }

    /// <summary>All time-travel clauses of the query, also those inside subqueries, in the order of the text.</summary>
    public IReadOnlyList<TimeTravelClause> TimeTravel { get; }

    /// <summary>Makes the text of a query or expression ready for DuckDB.</summary>
    /// <exception cref="SqlSyntaxException">Brackets do not match, or a time-travel clause is incomplete.</exception>
    public static QueryText From(SqlText text) => Parsing.QueryRewriter.Rewrite(text);

    /// <summary>This query as that of a WITH clause that stands further before it in the same source.</summary>
    internal QueryText Behind(QueryText names)
    {
        string before = $"{names.Text} SELECT * FROM (";
        IEnumerable<QuerySegment> shifted = SegmentsOrWhole.Select(s => s with { Start = s.Start + before.Length });
        return new(Original, $"{before}{Text})", [.. names.SegmentsOrWhole, .. shifted], [.. names.TimeTravel, .. TimeTravel]);
    }

    /// <summary>The query that answers this expression.</summary>
    internal QueryText AsSelect() => Behind("SELECT ");

    /// <summary>The query of which this expression is the end.</summary>
    /// <param name="before">What stands before it, written by nobody.</param>
    internal QueryText Behind(string before) =>
        new(Original, before + Text, [new QuerySegment(0, Original.Offset, Copied: false), .. SegmentsOrWhole.Select(s => s with { Start = s.Start + before.Length })], TimeTravel);

    private IReadOnlyList<QuerySegment> SegmentsOrWhole => _segments.Count > 0 ? _segments : [new QuerySegment(0, Original.Offset, Copied: true)];

    /// <summary>The offset in the source of <see cref="Original"/> that an offset in <see cref="Text"/> came from.</summary>
    public int OriginalOffset(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var mapped = Original.Offset + offset;
        foreach (var segment in _segments)
        {
            if (segment.Start > offset)
            {
                break;
            }

            mapped = segment.Copied ? segment.Origin + (offset - segment.Start) : segment.Origin;
        }

        return Math.Min(mapped, Original.Source is null ? 0 : Original.Source.Text.Length);
    }

    /// <summary>What the user wrote between two offsets of <see cref="Text"/>.</summary>
    internal string Written(int start, int end) => Original.Source.Text[OriginalOffset(start)..OriginalOffset(end)];

    /// <summary>An error at an offset of <see cref="Text"/>, shown at the place in the text that the user wrote.</summary>
    public SqlSyntaxException ErrorAt(int offset, string problem) => new(Original.Source, OriginalOffset(offset), problem);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A run of rewritten text: copied from <paramref name="Origin"/> on, or standing for what is written there.</summary>
internal readonly record struct QuerySegment(int Start, int Origin, bool Copied);
