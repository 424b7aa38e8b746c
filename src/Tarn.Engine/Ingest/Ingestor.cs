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
/// rejected rows of <c>&lt;table&gt;__rejected</c> and a new schema too. Cancelled, failed or killed, all is as before.
/// </summary>
internal sealed class Ingestor(StatementContext context)
{
    /// <summary>Runs the request.</summary>
    public async Task<IngestResult> RunAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        Report($"looking at {string.Join(", ", request.Sources.Take(3))}");
        using var spooled = await SpooledInputs.ReadAsync(context.Services.Store, request, cancellationToken).ConfigureAwait(false);
        using var prepared = new PreparedSources(context.Services.Store);
        var files = prepared.Prepare([.. SourceFile.Find(request.Sources, request.Format, spooled.PathOf).Select(f => Skipping(f, request.SkippedLines))], request.OnError, cancellationToken);
        return await LostRace.LookAgainAsync(
            context, () => LostRace.StateAsync(context, request.Table, cancellationToken), () => LoadAsync(request, files, prepared, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static SourceFile Skipping(SourceFile file, int lines) => lines == 0 || file.Format == SourceFormat.Csv
        ? file with { SkippedLines = lines }
        : throw TarnException.Invalid($"File '{file.Name}' is {file.Format.ToString().ToUpperInvariant()}, and only lines of CSV can be left out. Ingest it without --skip.");

    // Whoever finds that the table was made meanwhile appends to it, or overwrites it.
    private async Task<IngestResult> LoadAsync(IngestRequest request, IReadOnlyList<SourceFile> files, PreparedSources prepared, CancellationToken cancellationToken)
    {
        var target = await IngestTarget.FindAsync(context, request.Table, cancellationToken).ConfigureAwait(false);
        try
        {
            return await LoadAsync(request, target, files, prepared, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not CommitStateUnknownException)
        {
            await target.TakeBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<IngestResult> LoadAsync(IngestRequest request, IngestTarget target, IReadOnlyList<SourceFile> files, PreparedSources prepared, CancellationToken cancellationToken)
    {
        foreach (var file in files)
            context.Lineage?.ReadFile(file.Name);
        var packed = PackedSources.Check([.. files.Where(f => f.Compression != "none").Select(f => new PackedFile(f.Path, f.Name, f.Compression))], cancellationToken);
        await using (packed.ConfigureAwait(false))
        {
            try
            {
                return await LoadAsync(request, target, files, prepared, packed, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DuckDbException or TarnException)
            {
                await packed.ExplainAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    // Again and again, as long as what was thought of the files turns out to be wrong further down in them.
    private async Task<IngestResult> LoadAsync(
        IngestRequest request, IngestTarget target, IReadOnlyList<SourceFile> files, PreparedSources prepared, PackedSources packed, CancellationToken cancellationToken)
    {
        bool allRows = false;
        while (true)
        {
            try
            {
                return await LoadAsync(request, target, files, packed, allRows, cancellationToken).ConfigureAwait(false);
            }
            catch (DuckDbException e) when (CsvErrors.IsEncoding(e) && files.Any(f => f is { Format: SourceFormat.Csv, Encoding: "utf-8" }))
            {
                Report("bytes further down are no UTF-8; reading as Windows-1252, of which Latin-1 is a part");
                files = [.. files.Select(f => f is { Format: SourceFormat.Csv, Encoding: "utf-8" } && (files.Count == 1 || e.Message.Contains(f.Path, StringComparison.Ordinal)) ? prepared.Transcode(f, TextCopy.Windows1252, cancellationToken) : f)];
            }
            catch (DuckDbException e) when (MayNeedAllRows(e, files, allRows))
            {
                // The first rows told too narrow a type: look at all of them.
                Report("values further down are of another type; reading all rows to find the types");
                allRows = true;
            }
        }
    }

    private async Task<IngestResult> LoadAsync(IngestRequest request, IngestTarget target, IReadOnlyList<SourceFile> files, PackedSources packed, bool allRows, CancellationToken cancellationToken)
    {
        var sources = files.Select(f => Needed(Open(f, allRows, request.OnError, cancellationToken), request, target, allRows, cancellationToken)).ToArray();
        var plan = IngestPlan.Of(request, target.Existing?.Metadata, sources, allRows);
        var transaction = await BeginAsync(request, target, plan, cancellationToken).ConfigureAwait(false);
        var table = plan.Target(transaction.Metadata, context.Services.Time.GetUtcNow());
        var rejects = request.OnError == ErrorHandling.Quarantine ? new RejectedRows(context) : null;
        using var written = Write(table, sources, rejects, allRows, cancellationToken);
        if (request.Mode == IngestMode.Overwrite && target.Existing?.Metadata.CurrentSnapshotId is not null)
            transaction.Add(new DeleteFiles()).DeleteWhere(Expression.True);
        await written.AppendAsync(transaction, context.Services.Store, cancellationToken).ConfigureAwait(false);
        var aside = await RejectAsync(rejects, packed, written, target, cancellationToken).ConfigureAwait(false);
        using var rejected = aside?.Written;
        var handles = await Transaction.CommitAllAsync(aside is { } a ? [transaction, a.Transaction] : [transaction], cancellationToken).ConfigureAwait(false);
        return new IngestResult(
            written.RecordCount, rejected?.RecordCount ?? 0, files.Count, target.Existing is null, [.. plan.Added.Select(c => c.Name)], [.. plan.Widened.Select(w => w.Name)],
            handles[0].Metadata.CurrentSnapshotId);
    }

    private async ValueTask<(WrittenFiles Written, Transaction Transaction)?> RejectAsync(RejectedRows? rejects, PackedSources packed, WrittenFiles accepted, IngestTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await packed.RequireWholeAsync().ConfigureAwait(false);
            return rejects is null ? null : await rejects.WriteAsync(target.Catalog, target.Name, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await accepted.RemoveAsync(context.Services.Store).ConfigureAwait(false);
            throw;
        }
    }

    private SourceRelation Open(SourceFile file, bool allRows, ErrorHandling onError, CancellationToken cancellationToken) => file.Format switch
    {
        SourceFormat.Csv => new CsvSource(context.Connection, onError == ErrorHandling.Quarantine).Open(file, allRows, cancellationToken),
        SourceFormat.Parquet => new ParquetSource(context.Connection).Open(file, cancellationToken),
        // Rows that only the types guessed from the first ones refuse are not to be set aside.
        _ => new JsonSource(context.Connection).Open(file, allRows || onError == ErrorHandling.Quarantine, cancellationToken),
    };

    // Types of Parquet are stated. Those of delimited text widen nothing as long as only the first rows were looked at.
    private SourceRelation Needed(SourceRelation source, IngestRequest request, IngestTarget target, bool allRows, CancellationToken cancellationToken) =>
        target.Existing is { } table && request.Schema == SchemaHandling.Evolve && source.File.Format != SourceFormat.Parquet && (allRows || source.Dialect is null)
            ? new NeededTypes(context.Connection).Narrow(JsonSource.WithMaps(source, table.Metadata.CurrentSchema), table.Metadata.CurrentSchema, cancellationToken)
            : source;

    private WrittenFiles Write(TableMetadata table, IReadOnlyList<SourceRelation> inferred, RejectedRows? rejects, bool allRows, CancellationToken cancellationToken)
    {
        var schema = table.CurrentSchema;
        SourceRelation[] sources = [.. inferred.Select(s => JsonSource.Fit(s, schema))];
        string stage = sources.Length == 1 ? $"reading {Path.GetFileName(sources[0].File.Name)}" : $"reading {sources.Length} files";
        Report(stage);
        var extent = context.Options.Progress is null ? null : new SourceExtent(sources.Sum(s => new FileInfo(s.File.Path).Length), RowEstimate.Of(sources.Select(s => s.File)));
        try
        {
            string sql = string.Join(" UNION ALL ", sources.Select(s => IngestPlan.SelectSql(s, schema, rejects?.From(s, table, cancellationToken) ?? s.FromSql)));
            return RowWriter.Write(context, WriteRequest.Into(table, sql), stage, extent, cancellationToken);
        }
        catch (DuckDbException e) when (e.Type != DuckDbErrorType.Interrupt && !CsvErrors.IsEncoding(e) && !MayNeedAllRows(e, sources.Select(s => s.File), allRows))
        {
            throw Explain(e, sources, table, cancellationToken);
        }
        catch (TarnException e) when (rejects is null && e is { Kind: ErrorKind.InvalidRequest } and not DuckDbException)
        {
            throw FirstBad(sources, table, cancellationToken) ?? e;
        }
    }

    private TarnException Explain(DuckDbException error, IReadOnlyList<SourceRelation> sources, TableMetadata table, CancellationToken cancellationToken)
    {
        try
        {
            return (IsValueError(error) ? FirstBad(sources, table, cancellationToken) : null)
                ?? sources.Where(s => s.File.Format == SourceFormat.Ndjson).Select(s => JsonLinesFilter.FirstProblem(s.File, cancellationToken)).FirstOrDefault(p => p is not null)
                ?? CsvErrors.Translate(error, sources);
        }
        catch (DuckDbException e) when (e.Type != DuckDbErrorType.Interrupt)
        {
            return CsvErrors.Translate(e, sources);
        }
    }

    private TarnException? FirstBad(IReadOnlyList<SourceRelation> sources, TableMetadata table, CancellationToken cancellationToken)
    {
        var search = new BadRows(context.Connection);
        return sources.Select(s => search.First(s, table, cancellationToken)).FirstOrDefault(b => b is not null);
    }

    private async ValueTask<Transaction> BeginAsync(IngestRequest request, IngestTarget target, IngestPlan plan, CancellationToken cancellationToken)
    {
        if (target.Existing is { } existing)
        {
            RefuseOtherPartitions(request, existing);
            var transaction = new Transaction(context.Transactions(target.Catalog), existing);
            plan.AddTo(transaction);
            return transaction;
        }

        var spec = TableLayout.Spec(plan.NewSchema, [.. request.PartitionBy.Select(p => PartitionTransformText.Parse(SqlText.Of(p)))]);
        string location = await target.Catalog.NewTableLocationAsync(target.Name, cancellationToken).ConfigureAwait(false);
        var metadata = TableMetadata.New(
            plan.NewSchema, spec, SortOrder.Unsorted, location, new Dictionary<string, string>(), plan.FormatVersion, Guid.NewGuid(), context.Services.Time.GetUtcNow());
        return Transaction.Create(context.Transactions(target.Catalog), target.Name, metadata);
    }

    // What is asked for a new table would be ignored by one that exists.
    private static void RefuseOtherPartitions(IngestRequest request, TableHandle existing)
    {
        if (request.PartitionBy.Count == 0)
            return;
        var schema = existing.Metadata.CurrentSchema;
        var asked = TableLayout.Spec(schema, [.. request.PartitionBy.Select(p => PartitionTransformText.Parse(SqlText.Of(p)))]);
        var present = existing.Metadata.DefaultSpec.Fields.Where(f => f.Transform.Kind != TransformKind.Void);
        if (asked.Fields.Select(f => (f.SourceId, f.Transform)).SequenceEqual(present.Select(f => (f.SourceId, f.Transform))))
            return;
        string now = string.Join(", ", present.Select(f => PartitioningText.Of(schema, f)));
        throw TarnException.Invalid($"Table '{existing.Identifier}' exists and is partitioned by {(now.Length > 0 ? now : "nothing")}, not by {string.Join(", ", request.PartitionBy)}. Leave --partition-by out, or change the table: ALTER TABLE {existing.Identifier} SET PROPERTIES partitioning = ARRAY[…].");
    }

    private void Report(string stage) => context.Options.Progress?.Report(new StatementProgress(stage, 0, null, "%"));

    private static bool MayNeedAllRows(DuckDbException e, IEnumerable<SourceFile> files, bool allRows) => !allRows && IsValueError(e) && files.Any(f => f.Format != SourceFormat.Parquet);

    // All columns of delimited text are read as text: an error of the reader is about the form of the file.
    private static bool IsValueError(DuckDbException e) =>
        e.Type is DuckDbErrorType.Conversion or DuckDbErrorType.InvalidInput or DuckDbErrorType.OutOfRange or DuckDbErrorType.MismatchType
        && !e.Message.Contains("CSV Error", StringComparison.Ordinal) && !e.Message.Contains("CSV Parser", StringComparison.Ordinal);
}
