using System.Globalization;
using Tarn.DuckDb;
using Tarn.Engine.Functions;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Settles the types of JSON at every depth. Texts that are dates or times of one form become such; the engine's own guess reads times with and
/// without zone into one type and leaves others out. Beside fractions the engine takes whole numbers of any size for doubles: where one is no double, all are text.
/// </summary>
/// <param name="connection">Where queries run.</param>
/// <param name="relation">The file, read for these columns.</param>
internal sealed class JsonTypes(DuckDbConnection connection, Func<IReadOnlyList<SourceColumn>, SourceRelation> relation)
{
    private const int SampleRows = 20_480;

    /// <summary>The columns as they are read for a table.</summary>
    /// <param name="columns">As the engine found them.</param>
    /// <param name="allRows">Whether to look at all rows. From the first ones alone, types are guesses, which writing then confirms value by value.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IReadOnlyList<SourceColumn> Find(IReadOnlyList<SourceColumn> columns, bool allRows, CancellationToken cancellationToken)
    {
        SourceColumn[] looked = [.. columns.Select(c => ReadAs(c, InnerPath.Replace(c.Type, t => IsText(t) || (allRows && IsDouble(t)) ? SimpleType.String : t)))];
        string[] looks = [.. columns.SelectMany(c => InnerPath.Of(c.Type).Where(p => IsOpen(c, p.Type)).Select(p => Look(c, p.Path, p.Type, allRows)))];
        if (looks.Length == 0)
            return columns;
        string rows = allRows ? "" : string.Create(CultureInfo.InvariantCulture, $" LIMIT {SampleRows}");
        using var result = connection.Query($"SELECT {string.Join(", ", looks)} FROM (SELECT * FROM {relation(looked).FromSql}{rows})", cancellationToken);
        var answers = new Queue<object?>(result.Rows(cancellationToken).Single());
        (SourceColumn Column, bool IsWide)[] settled = [.. columns.Select(c => Settle(c, answers, allRows))];
        return !allRows && settled.Any(s => s.IsWide) ? Find(columns, allRows: true, cancellationToken) : [.. settled.Select(s => s.Column)];
    }

    /// <summary>The column read as another type, when the engine was told any.</summary>
    public static SourceColumn ReadAs(SourceColumn column, IcebergType read) =>
        column.Read is null ? column : column with { Read = read, IsText = read.Id == TypeId.String, MayRound = column.MayRound && InnerPath.Of(read).Any(p => IsDouble(p.Type)) };

    private static (SourceColumn Column, bool IsWide) Settle(SourceColumn column, Queue<object?> answers, bool allRows)
    {
        bool mayRound = false, isWide = false;
        var type = InnerPath.Replace(column.Type, t =>
        {
            if (!IsOpen(column, t))
                return t;
            object? answer = answers.Dequeue();
            if (!IsDouble(t))
                return TextForms.TypeOf((TextForm)(int)(answer ?? 0));
            isWide |= answer is true;
            mayRound |= !allRows || (answer is true && column.Read is null);
            return answer is true && allRows && column.Read is not null ? SimpleType.String : t;
        });
        var settled = column with { Type = type, MayRound = mayRound };
        return (ReadAs(settled, InnerPath.Replace(type, t => IsText(t) ? SimpleType.String : t)), isWide);
    }

    // For a text, its form; for a number, whether it may not survive as it is read.
    private static string Look(SourceColumn column, InnerPath path, IcebergType type, bool allRows) => IsDouble(type)
        ? $"bool_or({path.Sql(column.Sql, "bool_or", x => allRows && column.Read is not null ? TextValue.IsBad(x, type) : ValueFit.MayBeRounded(x))})"
        : $"bit_or({path.Sql(column.Sql, "bit_or", PlainTextFunctions.Form)})";

    // What the engine reads without being told how stays as it is, but for text that is all of a value.
    private static bool IsOpen(SourceColumn column, IcebergType type) => IsDouble(type) || (column.Read is null ? column.Type.Id == TypeId.String : IsText(type));

    private static bool IsDouble(IcebergType type) => type.Id == TypeId.Double;

    private static bool IsText(IcebergType type) => type.Id is TypeId.String or TypeId.Date or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz;
}
