using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Execution;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Brings files into a table: finds out what they hold, makes or evolves the table, writes data files and commits everything at once, the
/// rejected rows of <c>&lt;table&gt;__rejected</c> too. Cancelled, failed or killed, all is as before.
/// </summary>
internal sealed class Ingestor(StatementContext context)
{
    /// <summary>Runs the request.</summary>
    public async Task<IngestResult> RunAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        Report($"looking at {string.Join(", ", request.Sources.Take(3))}");
        var files = SourceFile.Find(request.Sources, request.Format);
        var (catalog, name, existing) = await TargetAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return await LoadAsync(request, catalog, name, existing, files, allRows: false, cancellationToken).ConfigureAwait(false);
        }
        catch (DuckDbException e) when (IsValueError(e) && files.Any(f => f.Format == SourceFormat.Csv))
        {
            // The first rows told too narrow a type: look at all of them.
            Report("values further down are of another type; reading all rows to find the types");
            return await LoadAsync(request, catalog, name, existing, files, allRows: true, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IngestResult> LoadAsync(IngestRequest request, ICatalog catalog, TableIdentifier name, TableHandle? existing, IReadOnlyList<SourceFile> files, bool allRows, CancellationToken cancellationToken)
    {
        var sources = files.Select(f => Open(f, allRows, cancellationToken)).ToArray();
        var plan = IngestPlan.Of(request, existing?.Metadata, sources);
        var transaction = await BeginAsync(request, catalog, name, existing, plan, cancellationToken).ConfigureAwait(false);
        var target = plan.Target(transaction.Metadata, context.Services.Time.GetUtcNow());
        var rejects = request.OnError == ErrorHandling.Quarantine ? new RejectedRows(context) : null;
        using var written = Write(plan, target, sources, rejects, cancellationToken);
        if (request.Mode == IngestMode.Overwrite && existing?.Metadata.CurrentSnapshotId is not null)
            transaction.Add(new DeleteFiles()).DeleteWhere(Expression.True);
        await written.AppendAsync(transaction, context.Services.Store, cancellationToken).ConfigureAwait(false);
        var aside = rejects is null ? null : await rejects.WriteAsync(catalog, name, cancellationToken).ConfigureAwait(false);
        using var rejected = aside?.Written;
        var handles = await Transaction.CommitAllAsync(aside is { } a ? [transaction, a.Transaction] : [transaction], cancellationToken).ConfigureAwait(false);
        return new IngestResult(
            written.RecordCount, rejected?.RecordCount ?? 0, files.Count, existing is null, [.. plan.Added.Select(c => c.Name)], [.. plan.Widened.Select(w => w.Name)],
            handles[0].Metadata.CurrentSnapshotId);
    }

    private SourceRelation Open(SourceFile file, bool allRows, CancellationToken cancellationToken) => file.Format == SourceFormat.Csv
        ? new CsvSource(context.Connection).Open(file, allRows, cancellationToken)
        : new StructuredSource(context.Connection).Open(file, cancellationToken);

    private WrittenFiles Write(IngestPlan plan, TableMetadata target, IReadOnlyList<SourceRelation> sources, RejectedRows? rejects, CancellationToken cancellationToken)
    {
        Report($"reading {sources.Count} file{(sources.Count == 1 ? "" : "s")}");
        try
        {
            string sql = string.Join(" UNION ALL ", sources.Select(s => plan.SelectSql(s, target.CurrentSchema, rejects?.From(s, plan, cancellationToken) ?? s.FromSql)));
            return RowWriter.Write(context, WriteRequest.Into(target, sql), cancellationToken);
        }
        catch (DuckDbException e) when (!IsValueError(e))
        {
            throw TarnException.Invalid($"{(sources.Count == 1 ? $"File '{sources[0].File.Name}'" : "A source file")} cannot be read: {e.Message.Split("\n\n")[0]}", e);
        }
    }

    private async ValueTask<(ICatalog Catalog, TableIdentifier Name, TableHandle? Existing)> TargetAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var existing = await TableLookup.FindAsync(context, request.Table, cancellationToken).ConfigureAwait(false);
        var catalog = TableLookup.CatalogOf(context, request.Table);
        if (existing is TableSource.Table { MetadataTable: null } table)
            return (catalog, table.Handle.Identifier, table.Handle);
        if (existing is not null)
            throw TarnException.Invalid($"'{request.Table.Dotted}' is a view or metadata table. Name a table.");
        if (request.Table.Parts.Count < 2 && context.Scope.Namespace is null)
            throw TarnException.Invalid($"'{request.Table.Dotted}' names no schema. Write schema.{request.Table.Dotted}.");
        if (request.Table.Parts.Count > 1)
            await SchemaStatements.CreateAsync(context, new CreateSchemaStatement(QualifiedName.Of(request.Table.Qualifier), true, null, []), cancellationToken).ConfigureAwait(false);
        var created = await context.Services.Names.ForCreateAsync(request.Table.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        return (created.Catalog, created.Identifier, null);
    }

    private async ValueTask<Transaction> BeginAsync(IngestRequest request, ICatalog catalog, TableIdentifier name, TableHandle? existing, IngestPlan plan, CancellationToken cancellationToken)
    {
        if (existing is not null)
        {
            var transaction = new Transaction(context.Transactions(catalog), existing);
            plan.AddTo(transaction);
            return transaction;
        }

        var spec = TableLayout.Spec(plan.NewSchema, [.. request.PartitionBy.Select(p => PartitionTransformText.Parse(SqlText.Of(p)))]);
        string location = await catalog.NewTableLocationAsync(name, cancellationToken).ConfigureAwait(false);
        var metadata = TableMetadata.New(
            plan.NewSchema, spec, SortOrder.Unsorted, location, new Dictionary<string, string>(), TableMetadata.DefaultFormatVersion, Guid.NewGuid(), context.Services.Time.GetUtcNow());
        return Transaction.Create(context.Transactions(catalog), name, metadata);
    }

    private void Report(string stage) => context.Options.Progress?.Report(new StatementProgress(stage, 0, null, "rows"));

    private static bool IsValueError(DuckDbException e) => e.Type is DuckDbErrorType.Conversion or DuckDbErrorType.InvalidInput or DuckDbErrorType.MismatchType;
}
