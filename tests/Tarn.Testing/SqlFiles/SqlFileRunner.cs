using System.Text.RegularExpressions;

namespace Tarn.Testing.SqlFiles;

/// <summary>What a run of a file did.</summary>
/// <param name="Passed">Records that ran and were right.</param>
/// <param name="Skipped">Records left out, each as <c>file:line: reason</c>.</param>
public sealed record SqlFileOutcome(int Passed, IReadOnlyList<string> Skipped);

/// <summary>A record of a file did not do what the file says; the message names file and line and shows both sides.</summary>
public sealed class SqlFileException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Runs files against an <see cref="ISqlRunner"/>.</summary>
/// <param name="runner">What runs the statements.</param>
/// <param name="configuration">The name that <c>skipif</c> and <c>onlyif</c> compare with.</param>
/// <param name="variables">Values for <c>${name}</c> in statements and rows; null for none.</param>
public sealed class SqlFileRunner(ISqlRunner runner, string configuration, IReadOnlyDictionary<string, string>? variables = null)
{
    /// <summary>Runs all records in order and stops at the first that is wrong.</summary>
    /// <exception cref="SqlFileException">A record is wrong.</exception>
    public async Task<SqlFileOutcome> RunAsync(SqlTestFile file, CancellationToken cancellationToken = default)
    {
        var passed = 0;
        List<string> skipped = [];
        foreach (var record in file.Records)
        {
            var place = $"{file.Name}:{record.Line}";
            if (record.Conditions.FirstOrDefault(LeavesOut) is { } condition)
            {
                skipped.Add($"{place}: {condition.Reason}");
                continue;
            }

            if (record is HaltRecord)
            {
                break;
            }

            await RunRecordAsync(record, place, cancellationToken).ConfigureAwait(false);
            passed++;
        }

        return new SqlFileOutcome(passed, skipped);
    }

    private bool LeavesOut(SqlTestCondition condition) =>
        condition.Only != condition.Configuration.Equals(configuration, StringComparison.OrdinalIgnoreCase);

    private Task RunRecordAsync(SqlTestRecord record, string place, CancellationToken cancellationToken) => record switch
    {
        StatementRecord { Error: null } statement => RunOrExplainAsync(Filled(statement.Sql), place, cancellationToken),
        StatementRecord { Error: { } pattern } statement => ExpectErrorAsync(Filled(statement.Sql), Filled(pattern), place, cancellationToken),
        QueryRecord query => ExpectRowsAsync(query, place, cancellationToken),
        ReopenRecord => runner.ReopenAsync(cancellationToken),
        _ => throw new SqlFileException($"{place}: the record {record.GetType().Name} cannot be run"),
    };

    private async Task<SqlRows> RunOrExplainAsync(string sql, string place, CancellationToken cancellationToken)
    {
        try
        {
            return await runner.RunAsync(sql, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new SqlFileException($"{place}: the statement failed: {error.Message}\n{sql}", error);
        }
    }

    private async Task ExpectErrorAsync(string sql, string pattern, string place, CancellationToken cancellationToken)
    {
        try
        {
            await runner.RunAsync(sql, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (!Regex.IsMatch(error.Message, pattern, RegexOptions.IgnoreCase | RegexOptions.Singleline))
            {
                throw new SqlFileException($"{place}: the error does not match /{pattern}/: {error.Message}\n{sql}", error);
            }

            return;
        }

        throw new SqlFileException($"{place}: the statement succeeded, expected an error like /{pattern}/\n{sql}");
    }

    private async Task ExpectRowsAsync(QueryRecord query, string place, CancellationToken cancellationToken)
    {
        var sql = Filled(query.Sql);
        var actual = await RunOrExplainAsync(sql, place, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<IReadOnlyList<string?>> expected = [.. query.Rows.Select(row => row.Select(value => value is null ? null : Filled(value)).ToArray())];
        if (RowComparison.Difference(query.Types, query.Sort, expected, actual) is { } difference)
        {
            throw new SqlFileException($"{place}: {difference}\n{sql}");
        }
    }

    private string Filled(string text) =>
        variables?.Aggregate(text, (filled, variable) => filled.Replace("${" + variable.Key + "}", variable.Value, StringComparison.Ordinal)) ?? text;
}
