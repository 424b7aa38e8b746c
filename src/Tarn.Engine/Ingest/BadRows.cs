using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Ingest;

/// <summary>Finds the first value that does not fit the table, with its place in the file. Runs only after a load has failed.</summary>
internal sealed class BadRows(DuckDbConnection connection)
{
    /// <summary>The error of the first value that the table does not take, or null when it takes all.</summary>
    public TarnException? First(SourceRelation source, TableMetadata table, CancellationToken cancellationToken)
    {
        var found = IngestPlan.Fits(source, table).Select(f => (Fit: f, Value: FirstBad(source, f, cancellationToken))).Where(p => p.Value is not null).OrderBy(p => p.Value!.Value.Record).FirstOrDefault();
        if (found.Value is not { } bad)
            return null;
        string place = source.Place(Place(source, bad.Record));
        if (bad.Misfit is not var (sentence, wayOut))
            return TarnException.Invalid($"{place}, column '{found.Fit.Column.Name}': no value, and the table's column is NOT NULL. Give a value, ingest with --on-error quarantine, or ALTER TABLE … ALTER COLUMN {found.Fit.Field.Name} DROP NOT NULL.");
        return TarnException.Invalid($"{place}, {sentence}. Mend the value, ingest with --on-error quarantine, {wayOut}.");
    }

    private static long Place(SourceRelation source, long record)
    {
        foreach (long place in RecordLines.Of(source, []))
        {
            if (--record == 0)
                return place;
        }

        throw TarnException.Corrupted($"File '{source.File.Name}' changed while it was read. Ingest it again when it is complete.");
    }

    // Without a misfit, the value is missing.
    private (long Record, (string Sentence, string WayOut)? Misfit)? FirstBad(SourceRelation source, ColumnFit fit, CancellationToken cancellationToken)
    {
        ColumnFit.Misfit[] misfits = [.. fit.Misfits()];
        string sql = $"SELECT {string.Join(", ", misfits.Select(m => m.SentenceSql).Prepend(SourceRelation.RecordColumn))} FROM {source.NumberedSql(skipsMisshapen: false)} WHERE {fit.IsBad} LIMIT 1";
        using var result = connection.Query(sql, cancellationToken);
        if (result.Rows(cancellationToken).FirstOrDefault() is not { } row)
            return null;
        int bad = Array.FindIndex(row, 1, value => value is not null);
        return ((long)row[0]!, bad < 0 ? null : ((string)row[bad]!, misfits[bad - 1].WayOut));
    }
}
