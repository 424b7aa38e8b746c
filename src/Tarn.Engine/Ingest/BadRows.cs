using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Ingest;

/// <summary>Finds the values of delimited text that do not fit the table, with line and column. Runs only after a load has failed.</summary>
internal sealed class BadRows(DuckDbConnection connection)
{
    /// <summary>The error of the first value that does not fit, or null when every value fits.</summary>
    public TarnException? First(SourceRelation source, IngestPlan plan, Schema table, CancellationToken cancellationToken)
    {
        if (source.Dialect is not { } dialect)
            return null;
        foreach (var (column, field) in plan.Pairs(source, table))
        {
            string sql = $"SELECT record, value FROM (SELECT row_number() OVER () AS record, {column.Sql} AS value FROM {source.FromSql}) WHERE {TextValue.IsBad("value", field.Type)} LIMIT 1";
            using var result = connection.Query(sql, cancellationToken);
            if (result.Rows(cancellationToken).FirstOrDefault() is { } row)
                return TarnException.Invalid($"File '{source.File.Name}', line {LineOf(source.File, dialect, (long)row[0]!)}, column '{column.Name}': '{row[1]}' is no {field.Type}, the type of the table's column. Mend the value, ingest with --on-error quarantine, or ingest into another table.");
        }

        return null;
    }

    private static string LineOf(SourceFile file, CsvDialect dialect, long record)
    {
        long index = record + (dialect.HasHeader ? 1 : 0);
        foreach (var (line, _) in CsvRecords.Read(file, dialect))
        {
            if (--index == 0)
                return line.ToString(CultureInfo.InvariantCulture);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{record + (dialect.HasHeader ? 1 : 0)} (counting records)");
    }
}
