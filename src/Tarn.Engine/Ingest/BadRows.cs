using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Finds the first value that does not fit the table, with its place in the file. Runs only after a load has failed.</summary>
internal sealed class BadRows(DuckDbConnection connection)
{
    private const int ShownCharacters = 120;

    /// <summary>The error of the first value that does not fit, or null when every value fits.</summary>
    public TarnException? First(SourceRelation source, Schema table, CancellationToken cancellationToken)
    {
        var found = IngestPlan.Pairs(source, table).Select(p => (Pair: p, Value: FirstBad(source, p.Column, p.Field, cancellationToken))).Where(p => p.Value is not null).OrderBy(p => p.Value!.Value.Record).FirstOrDefault();
        if (found.Value is not { } bad)
            return null;
        long place = Place(source, bad.Record);
        string column = $"{source.Place(place)}, column '{found.Pair.Column.Name}'";
        if (bad.Misfit is not var (name, text, type))
            return TarnException.Invalid($"{column}: no value, and the table's column is NOT NULL. Give a value, ingest with --on-error quarantine, or ALTER TABLE … ALTER COLUMN {found.Pair.Field.Name} DROP NOT NULL.");
        string value = text.Length > ShownCharacters ? text[..ShownCharacters] + "…" : text;
        return TarnException.Invalid($"{source.Place(place)}, column '{name}': '{value}' is no {type}, the type of the table's column. Mend the value, ingest with --on-error quarantine, or ingest into another table.");
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
    private (long Record, (string Name, string Text, IcebergType Type)? Misfit)? FirstBad(SourceRelation source, SourceColumn column, NestedField field, CancellationToken cancellationToken)
    {
        (string Name, string BadTextSql, IcebergType Type)[] misfits = [.. ValueFit.Misfits(column, field.Type)];
        string sql = $"SELECT {string.Join(", ", misfits.Select(m => m.BadTextSql).Prepend(SourceRelation.RecordColumn))} FROM {source.NumberedSql(skipsMisshapen: false)} WHERE {ValueFit.IsBad(column, field)} LIMIT 1";
        using var result = connection.Query(sql, cancellationToken);
        if (result.Rows(cancellationToken).FirstOrDefault() is not { } row)
            return null;
        int bad = Array.FindIndex(row, 1, value => value is not null);
        return ((long)row[0]!, bad < 0 ? null : (misfits[bad - 1].Name, (string)row[bad]!, misfits[bad - 1].Type));
    }
}
