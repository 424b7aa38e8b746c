using System.Globalization;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Serialization.SingleValue;

namespace Tarn.Testing.TpcH;

/// <summary>Compares results with the published answers: text first, then numbers with a relative tolerance, because averages are doubles.</summary>
public static class TpcHAnswer
{
    private const double Tolerance = 1e-6;

    /// <summary>Runs a query and compares its rows.</summary>
    /// <param name="session">Where the eight tables are found by their names alone.</param>
    /// <param name="sql">The query, with or without a semicolon at its end.</param>
    /// <param name="answerFile">A header line and the rows in order, values separated by <c>|</c>.</param>
    /// <returns>What differs, or null.</returns>
    public static async Task<string?> DifferenceAsync(ISqlSession session, string sql, string answerFile)
    {
        string[] lines = await File.ReadAllLinesAsync(answerFile).ConfigureAwait(false);
        var rows = await RowsAsync(session, sql).ConfigureAwait(false);
        if (lines.Length - 1 != rows.Count)
            return $"{rows.Count} rows instead of {lines.Length - 1}";
        for (int i = 0; i < rows.Count; i++)
        {
            string[] expected = lines[i + 1].Split('|');
            for (int c = 0; c < expected.Length; c++)
            {
                if (!Same(expected[c], rows[i][c]))
                    return $"row {i + 1} column {c + 1}: {rows[i][c]} instead of {expected[c]}";
            }
        }

        return null;
    }

    private static async Task<List<string[]>> RowsAsync(ISqlSession session, string sql)
    {
        var result = await session.ExecuteAsync(sql.TrimEnd().TrimEnd(';')).ConfigureAwait(false);
        await using (result.ConfigureAwait(false))
        {
            List<string[]> rows = [];
            await foreach (var batch in result.ReadBatchesAsync().ConfigureAwait(false))
            {
                for (int row = 0; row < batch.RowCount; row++)
                    rows.Add([.. result.Columns.Select((column, c) => Text(column.Type, batch.GetValue(c, row)))]);
            }

            return rows;
        }
    }

    private static string Text(DuckDbType type, object? value) => value switch
    {
        null => "",
        int days when type.Id == DuckDbTypeId.Date => IsoText.Date(days),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static bool Same(string expected, string actual)
    {
        if (expected.TrimEnd() == actual.TrimEnd())
            return true;
        return double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double e) && double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out double a)
            && Math.Abs(e - a) <= Tolerance * Math.Max(Math.Abs(e), Math.Abs(a));
    }
}
