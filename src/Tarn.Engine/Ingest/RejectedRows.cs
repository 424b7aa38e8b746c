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
/// Rows of delimited text that do not fit, kept with reason, file and line in <c>&lt;table&gt;__rejected</c>. A row with several defects is kept once.
/// </summary>
internal sealed class RejectedRows(StatementContext context)
{
    /// <summary>What the name of the table of rejected rows ends with.</summary>
    public const string Suffix = "__rejected";

    private static readonly Schema NewSchema = new(0,
    [
        new NestedField(1, "file", false, SimpleType.String), new NestedField(2, "line", false, SimpleType.Long), new NestedField(3, "reason", false, SimpleType.String),
        new NestedField(4, "content", false, SimpleType.String), new NestedField(5, "ingested_at", false, SimpleType.TimestampTz),
    ]);

    private readonly List<string> files = [];

    /// <summary>What stands behind FROM for a source, with the rows that do not fit put aside as the engine reads them.</summary>
    public string From(SourceRelation source, IngestPlan plan, CancellationToken cancellationToken)
    {
        if (source.File.Format != SourceFormat.Csv)
            return source.FromSql;
        var types = source.Columns.ToDictionary(c => c.Name, c => EngineType.Of(plan.TypeInSource(c)));
        context.Connection.Execute($"DROP TABLE IF EXISTS {Table("rejects")}; DROP TABLE IF EXISTS {Table("scans")}", cancellationToken);
        string options = $", store_rejects = true, rejects_limit = 0, rejects_table = '{Table("rejects")}', rejects_scan = '{Table("scans")}'";
        files.Add(source.File.Name);
        return new CsvSource(context.Connection).Retype(source.File, types, options, cancellationToken);
    }

    /// <summary>Writes the rows that were put aside, ready to be committed together with the others; null when there are none.</summary>
    public async ValueTask<(WrittenFiles Written, Transaction Transaction)?> WriteAsync(ICatalog catalog, TableIdentifier table, CancellationToken cancellationToken)
    {
        string? sql = Sql(cancellationToken);
        if (sql is null)
            return null;
        var name = table with { Name = table.Name + Suffix };
        var transaction = await catalog.LoadTableAsync(name, cancellationToken).ConfigureAwait(false) is { } existing
            ? new Transaction(context.Transactions(catalog), existing)
            : Transaction.Create(context.Transactions(catalog), name, await CreateAsync(catalog, name, cancellationToken).ConfigureAwait(false));
        var written = RowWriter.Write(context, WriteRequest.Into(transaction.Metadata, sql), cancellationToken);
        await written.AppendAsync(transaction, context.Services.Store, cancellationToken).ConfigureAwait(false);
        return (written, transaction);
    }

    private async ValueTask<TableMetadata> CreateAsync(ICatalog catalog, TableIdentifier name, CancellationToken cancellationToken) => TableMetadata.New(
        NewSchema, PartitionSpec.Unpartitioned, SortOrder.Unsorted, await catalog.NewTableLocationAsync(name, cancellationToken).ConfigureAwait(false),
        new Dictionary<string, string>(), TableMetadata.DefaultFormatVersion, Guid.NewGuid(), context.Services.Time.GetUtcNow());

    private string? Sql(CancellationToken cancellationToken)
    {
        long micros = context.Services.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        string[] parts = [.. files.Index().Where(f => HasRows(f.Index, cancellationToken)).Select(f => string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {EngineSql.String(f.Item)}, line::BIGINT, string_agg(error_message, '; ' ORDER BY column_idx), any_value(csv_line), make_timestamptz({micros}) FROM __tarn_rejects_{f.Index} GROUP BY scan_id, file_id, line, line_byte_position"))];
        return parts.Length == 0 ? null : string.Join(" UNION ALL ", parts);
    }

    private bool HasRows(int index, CancellationToken cancellationToken) =>
        context.Connection.Scalar(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM __tarn_rejects_{index}"), cancellationToken) is long and > 0;

    private string Table(string kind) => string.Create(CultureInfo.InvariantCulture, $"__tarn_{kind}_{files.Count}");
}
