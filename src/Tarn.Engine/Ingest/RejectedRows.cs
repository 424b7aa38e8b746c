using System.Globalization;
using Tarn.Engine.Execution;
using Tarn.Engine.Types;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Rows that do not read or do not fit, kept with reason, file and place in <c>&lt;table&gt;__rejected</c>. A row with several defects is kept once.
/// </summary>
internal sealed class RejectedRows(StatementContext context)
{
    /// <summary>What the name of the table of rejected rows ends with.</summary>
    public const string Suffix = "__rejected";

    // Where a record begins that does not read, or where it was found not to.
    private const string Place = "coalesce(line_byte_position, byte_position)::BIGINT";

    private static readonly Schema NewSchema = new(0,
    [
        new NestedField(1, "file", false, SimpleType.String), new NestedField(2, "line", false, SimpleType.Long), new NestedField(3, "reason", false, SimpleType.String),
        new NestedField(4, "content", false, SimpleType.String), new NestedField(5, "ingested_at", false, SimpleType.TimestampTz),
    ]);

    private readonly List<(SourceRelation Source, IReadOnlyList<ColumnFit> Fits)> sources = [];

    /// <summary>What stands behind FROM for a source, without the rows that do not fit.</summary>
    public string From(SourceRelation source, TableMetadata table, CancellationToken cancellationToken)
    {
        string from = source.FromSql;
        if (source.Dialect is { } dialect)
        {
            context.Connection.Execute($"DROP TABLE IF EXISTS {Table("rejects", sources.Count)}; DROP TABLE IF EXISTS {Table("scans", sources.Count)}", cancellationToken);
            from = dialect.FromSql(source.File, $", store_rejects = true, rejects_limit = 0, rejects_table = '{Table("rejects", sources.Count)}', rejects_scan = '{Table("scans", sources.Count)}'");
        }

        ColumnFit[] fits = [.. IngestPlan.Fits(source, table)];
        sources.Add((source, fits));
        return fits.Length == 0 ? from : $"(SELECT * FROM {from} WHERE NOT ({IsBad(fits)}))";
    }

    /// <summary>Writes the rows that were put aside, ready to be committed together with the others; null when there are none.</summary>
    public async ValueTask<(WrittenFiles Written, Transaction Transaction)?> WriteAsync(ICatalog catalog, TableIdentifier table, CancellationToken cancellationToken)
    {
        using var lines = new RejectedLines(context.Services.Relations);
        string? sql = Sql(lines, cancellationToken);
        if (sql is null)
            return null;
        var name = table with { Name = table.Name + Suffix };
        var transaction = await catalog.LoadTableAsync(name, cancellationToken).ConfigureAwait(false) is { } existing
            ? new Transaction(context.Transactions(catalog), existing)
            : Transaction.Create(context.Transactions(catalog), name, await CreateAsync(catalog, name, cancellationToken).ConfigureAwait(false));
        var written = RowWriter.Write(context, WriteRequest.Into(transaction.Metadata, sql), cancellationToken);
        try
        {
            await written.AppendAsync(transaction, context.Services.Store, cancellationToken).ConfigureAwait(false);
            return (written, transaction);
        }
        catch
        {
            written.Dispose();
            throw;
        }
    }

    private async ValueTask<TableMetadata> CreateAsync(ICatalog catalog, TableIdentifier name, CancellationToken cancellationToken) => TableMetadata.New(
        NewSchema, PartitionSpec.Unpartitioned, SortOrder.Unsorted, await catalog.NewTableLocationAsync(name, cancellationToken).ConfigureAwait(false),
        new Dictionary<string, string>(), TableMetadata.DefaultFormatVersion, Guid.NewGuid(), context.Services.Time.GetUtcNow());

    private string? Sql(RejectedLines lines, CancellationToken cancellationToken)
    {
        long micros = context.Services.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        string at = string.Create(CultureInfo.InvariantCulture, $"make_timestamptz({micros})");
        var parts = new List<string>();
        foreach (var (index, (source, fits)) in sources.Index())
        {
            string file = EngineSql.String(source.File.Name);
            long[] places = source.Dialect is null ? [] : Numbers($"SELECT DISTINCT {Place} FROM {Table("rejects", index)} ORDER BY 1", cancellationToken);
            var misshapen = Positions(source.File, places);
            if (places.Length > 0)
                parts.Add($"SELECT {file}, {RejectedLines.LineColumn}, string_agg(error_message, '; ' ORDER BY column_idx), trim(any_value(csv_line), chr(13) || chr(10)), {at} FROM {Table("rejects", index)} JOIN {lines.Add(places, misshapen)} ON {RejectedLines.PlaceColumn} = {Place} GROUP BY {RejectedLines.LineColumn}, {RejectedLines.PlaceColumn}");
            if (source.File.Filtered is { RejectedCount: > 0 } filtered)
                parts.Add($"SELECT {file}, line, reason, content, {at} FROM {RejectedJson(filtered)}");
            if (fits.Count > 0 && BadValues(source, fits, misshapen, lines, cancellationToken) is var (columns, from))
                parts.Add($"SELECT {file}, {columns}, {at} FROM {from}");
        }

        return parts.Count == 0 ? null : string.Join(" UNION ALL ", parts);
    }

    // The engine counts records where it says lines, and bytes from 1.
    private static List<TextPosition> Positions(SourceFile file, long[] places)
    {
        if (places.Length == 0)
            return [];
        using var text = SourceText.Open(file);
        return TextPositions.Find(text, [.. places.Select(p => p - 1)]);
    }

    // Rows that read but hold values that do not fit. They are numbered without those that do not read; lines are found by reading once more.
    private (string Columns, string From)? BadValues(SourceRelation source, IReadOnlyList<ColumnFit> fits, IReadOnlyList<TextPosition> misshapen, RejectedLines lines, CancellationToken cancellationToken)
    {
        long[] records = Numbers($"SELECT {SourceRelation.RecordColumn} FROM {source.NumberedSql(skipsMisshapen: true)} WHERE {IsBad(fits)} ORDER BY 1", cancellationToken);
        if (records.Length == 0)
            return null;
        string reasons = string.Join(", ", fits.SelectMany(Reasons));
        return ($"{RejectedLines.LineColumn}, concat_ws('; ', {reasons}), {source.ContentSql}",
            $"{source.NumberedSql(skipsMisshapen: true)} JOIN {lines.Add(source, records, misshapen)} USING ({SourceRelation.RecordColumn})");
    }

    private static IEnumerable<string> Reasons(ColumnFit fit)
    {
        if (fit.Field.Required)
            yield return $"CASE WHEN {fit.Column.SqlFor(fit.Field.Type)} IS NULL THEN {EngineSql.String($"column '{fit.Column.Name}': no value, and the column is NOT NULL")} END";
        foreach (var misfit in fit.Misfits())
            yield return misfit.SentenceSql;
    }

    private static string RejectedJson(JsonLinesFilter filtered) => string.Create(
        CultureInfo.InvariantCulture,
        $"read_json({EngineSql.String(filtered.RejectedPath)}, format = 'newline_delimited', maximum_object_size = {filtered.LongestRejectedBytes + 1}, columns = {{line: 'BIGINT', reason: 'VARCHAR', content: 'VARCHAR'}})");

    private static string IsBad(IReadOnlyList<ColumnFit> fits) => string.Join(" OR ", fits.Select(f => f.IsBad));

    private long[] Numbers(string sql, CancellationToken cancellationToken)
    {
        using var result = context.Connection.Query(sql, cancellationToken);
        return [.. result.Rows(cancellationToken).Select(r => (long)r[0]!)];
    }

    private static string Table(string kind, int index) => string.Create(CultureInfo.InvariantCulture, $"__tarn_{kind}_{index}");
}
