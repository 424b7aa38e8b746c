using System.Globalization;
using Tarn.DuckDb;
using Tarn.Engine.Functions;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Settles the types of JSON at every depth. Texts that are dates or times of one form become such; the engine's own guess reads times with and
/// without zone into one type and leaves others out. Whole numbers of both signs are of a wider type to it than they need. Beside fractions it takes whole numbers
/// of any size for doubles: where one is no double, all are text.
/// </summary>
/// <param name="connection">Where queries run.</param>
/// <param name="relation">The file, read for these columns.</param>
internal sealed class JsonTypes(DuckDbConnection connection, Func<IReadOnlyList<SourceColumn>, SourceRelation> relation)
{
    private const int SampleRows = 20_480;

    // What is found out about numbers, as bits.
    private const int Large = 1, Altered = 2;

    /// <summary>The columns as they are read for a table.</summary>
    /// <param name="columns">As the engine found them.</param>
    /// <param name="allRows">Whether to look at all rows. From the first ones alone, types are guesses, which writing then confirms value by value.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IReadOnlyList<SourceColumn> Find(IReadOnlyList<SourceColumn> columns, bool allRows, CancellationToken cancellationToken)
    {
        SourceColumn[] looked = [.. columns.Select(c => ReadAs(c, InnerPath.Replace(c.Type, t => IsText(t) || IsDouble(t) ? SimpleType.String : t)))];
        var looks = new List<string>();
        // For each column the values inside of it, each with the number of its look.
        (IcebergType Type, int? Look)[][] inner = [.. columns.Select(c => InnerPath.Of(c.Type).Select(p => (p.Type, LookAt(c, p.Path, p.Type, looks))).ToArray())];
        if (looks.Count == 0)
            return columns;
        string rows = allRows ? "" : string.Create(CultureInfo.InvariantCulture, $" LIMIT {SampleRows}");
        using var result = connection.Query($"SELECT {string.Join(", ", looks)} FROM (SELECT * FROM {relation(looked).FromSql}{rows})", cancellationToken);
        object?[] answers = [.. result.Rows(cancellationToken).Single()];
        return [.. columns.Zip(inner, (c, values) => Settle(c, [.. values.Select(v => Settle(c, v.Type, v.Look is { } look ? (int)(answers[look] ?? 0) : null, allRows))]))];
    }

    /// <summary>The column read as another type, when the engine was told any.</summary>
    public static SourceColumn ReadAs(SourceColumn column, IcebergType read) =>
        column.Read is null ? column : column with { Read = read, IsText = read.Id == TypeId.String, MayRound = column.MayRound && InnerPath.Of(read).Any(p => IsDouble(p.Type)) };

    private static int? LookAt(SourceColumn column, InnerPath path, IcebergType type, List<string> looks)
    {
        if (!IsOpen(column, type))
            return null;
        looks.Add(Look(column, path, type));
        return looks.Count - 1;
    }

    private static SourceColumn Settle(SourceColumn column, IReadOnlyList<SettledValue> inner)
    {
        var type = InnerPath.Replace(column.Type, [.. inner.Select(v => v.Type)]);
        return ReadAs(column with { Type = type, MayRound = inner.Any(v => v.MayRound) }, InnerPath.Replace(type, [.. inner.Select(v => v.Read)]));
    }

    private static SettledValue Settle(SourceColumn column, IcebergType type, int? answer, bool allRows)
    {
        var settled = answer is { } found ? Settle(type, found) : type;
        bool isConspicuous = answer is not (null or 0);
        return new SettledValue(
            settled,
            // Where large numbers are doubles so far, each is judged by its text; else by the doubles, which costs less.
            Read: IsText(settled) || (IsDouble(settled) && !allRows && isConspicuous) ? SimpleType.String : settled,
            MayRound: IsDouble(settled) && (!allRows || (column.Read is null && isConspicuous)));
    }

    private static IcebergType Settle(IcebergType type, int answer)
    {
        if (type is DecimalType)
            return (answer & Large) != 0 ? type : SimpleType.Long;
        if (!IsDouble(type))
            return TextForms.TypeOf((TextForm)answer);
        return (answer & Altered) != 0 ? SimpleType.String : type;
    }

    // For a text, its form; for a whole number, whether it is beyond the longest type; for another, whether it is so large that it may not survive as it is read, and whether it does not.
    private static string Look(SourceColumn column, InnerPath path, IcebergType type)
    {
        Func<string, string> look = type is DecimalType ? x => $"CASE WHEN {x} NOT BETWEEN {long.MinValue} AND {long.MaxValue} THEN {Large} ELSE 0 END"
            : !IsDouble(type) ? PlainTextFunctions.Form
            : column.Read is null ? x => $"CASE WHEN {ValueFit.MayBeRounded(x)} THEN {Large} ELSE 0 END"
            : x => $"CASE WHEN {TextValue.IsBad(x, type)} THEN {Large | Altered} WHEN {ValueFit.MayBeRounded($"try_cast({x} AS DOUBLE)")} THEN {Large} ELSE 0 END";
        return $"bit_or({path.Sql(column.Sql, "bit_or", look)})";
    }

    // What the engine reads without being told how stays as it is, but for text that is all of a value.
    private static bool IsOpen(SourceColumn column, IcebergType type) => IsDouble(type) || type is DecimalType || (column.Read is null ? column.Type.Id == TypeId.String : IsText(type));

    private static bool IsDouble(IcebergType type) => type.Id == TypeId.Double;

    private static bool IsText(IcebergType type) => type.Id is TypeId.String or TypeId.Date or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz;

    /// <summary>What is settled of a value that holds no others.</summary>
    /// <param name="Type">Its type.</param>
    /// <param name="Read">What the engine is told to read it as.</param>
    /// <param name="MayRound">Whether it is a double as which a whole number may have been read that is another.</param>
    private readonly record struct SettledValue(IcebergType Type, IcebergType Read, bool MayRound);
}
