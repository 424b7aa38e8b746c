using Tarn.Core.Errors;
using Tarn.Metastore.Postgres;
using Tarn.Metastore.Serialization;
using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Postgres;

[Collection(PostgresFixture.Name)]
public sealed class PostgresCommitLogTests(PostgresFixture fixture)
{
    [Fact]
    public async Task Read_DatabasePutBack_IsDataCorruptedUntilReopened()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        using var log = new PostgresCommitLog(options);
        for (int i = 0; i < 3; i++)
            await log.AppendAsync(PostgresMigrationTests.Put($"n{i}"));
        await ExecuteAsync(options, $"DELETE FROM {options.Schema}.commits WHERE number = 3");
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => log.ReadAsync().AsTask())).Kind);
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => log.AppendAsync(PostgresMigrationTests.Put("x")).AsTask())).Kind);
        using var fresh = new PostgresCommitLog(options);
        Assert.Equal(2, (await fresh.ReadAsync()).Number);
        // Another commit takes the number: who has read the lost one must not go on.
        await fresh.AppendAsync(PostgresMigrationTests.Put("other"));
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => log.ReadAsync().AsTask())).Kind);
    }

    [Fact]
    public async Task Read_CommitMissingInTheMiddle_IsDataCorrupted()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        using (var log = new PostgresCommitLog(options))
        {
            for (int i = 0; i < 3; i++)
                await log.AppendAsync(PostgresMigrationTests.Put($"n{i}"));
        }

        await ExecuteAsync(options, $"DELETE FROM {options.Schema}.commits WHERE number = 2");
        using var fresh = new PostgresCommitLog(options);
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => fresh.ReadAsync().AsTask())).Kind);
    }

    [Fact]
    public async Task Append_CheckpointOfAnEarlierVersion_IsReplaced()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        using var log = new PostgresCommitLog(options) { CheckpointEveryBytes = 0 };
        await log.AppendAsync(PostgresMigrationTests.Put("a"));
        await ExecuteAsync(options, $"INSERT INTO {options.Schema}.checkpoints (form, number, state) VALUES ({StateJson.Form - 1}, 1, '')");
        for (int i = 0; i < 20; i++)
            await log.AppendAsync(PostgresMigrationTests.Put($"{i}{new string('x', 200)}"));
        await using var connection = await PostgresMigrationTests.OpenAsync(options);
        await using var forms = new Npgsql.NpgsqlCommand($"SELECT string_agg(form::text, ',') FROM {options.Schema}.checkpoints", connection);
        Assert.Equal($"{StateJson.Form}", await forms.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Read_MoreThanAPage_GivesEverything()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        int count = (2 * PostgresCursor.PageRecords) + 1;
        using (var log = new PostgresCommitLog(options) { CheckpointEveryBytes = long.MaxValue })
            await Task.WhenAll(Enumerable.Range(0, count).Select(i => log.AppendAsync(PostgresMigrationTests.Put($"n{i}")).AsTask()));
        using var fresh = new PostgresCommitLog(options);
        Assert.Equal(count, (await fresh.ReadAsync()).Main.Namespaces.Count());
        var numbers = new List<long>();
        await foreach (var commit in fresh.ReadHistoryAsync(2))
            numbers.Add(commit.Number);
        Assert.Equal(Enumerable.Range(2, count - 1).Select(n => (long)n), numbers);
    }

    [Fact]
    public async Task Append_SettingsThatLoseCommits_AreRaisedForTheCommit()
    {
        if (fixture.Server is not { } server)
            return;
        string weak = server.Address() + "&options=" + Uri.EscapeDataString("-c synchronous_commit=off -c default_transaction_isolation=serializable -c default_transaction_read_only=on");
        // The schema is made by somebody else: the weak connection could not.
        var options = server.NewSchema();
        using (var log = new PostgresCommitLog(options))
            await log.AppendAsync(PostgresMigrationTests.Put("a"));
        using var same = new PostgresCommitLog(PostgresOptions.Parse(weak, options.Schema));
        Assert.Equal(2, (await same.AppendAsync(PostgresMigrationTests.Put("b"))).Number);
        await using var connection = await PostgresMigrationTests.OpenAsync(PostgresOptions.Parse(weak, options.Schema));
        await using var turn = await PostgresTurn.TakeAsync(connection, options, PostgresCursor.Start);
        await using var command = new Npgsql.NpgsqlCommand("SHOW synchronous_commit", connection);
        Assert.Equal("on", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Append_AnotherHoldsTheTurnTooLong_IsUnavailableAndNothingChanges()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        using var log = new PostgresCommitLog(options);
        await log.AppendAsync(PostgresMigrationTests.Put("a"));
        // On a busy machine the other may be long in being refused, and its silence must not end the turn before.
        var patient = options with { SilenceTimeout = TimeSpan.FromHours(1) };
        await using (await PostgresTurn.TakeAsync(await PostgresMigrationTests.OpenAsync(options), patient, PostgresCursor.Start))
        {
            using var impatient = new PostgresCommitLog(PostgresOptions.Parse(server.Address(), options.Schema) with { TurnTimeout = TimeSpan.FromMilliseconds(50) });
            var error = await Assert.ThrowsAsync<TarnException>(() => impatient.AppendAsync(PostgresMigrationTests.Put("b")).AsTask());
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            Assert.Equal(1, (await impatient.ReadAsync()).Number);
        }

        Assert.Equal(2, (await log.AppendAsync(PostgresMigrationTests.Put("c"))).Number);
    }

    /// <summary>A process that was stopped between its statements, or whose machine is gone, does not hold the others up for ever.</summary>
    [Fact]
    public async Task Append_AnotherHangsInItsTurn_GoesOnAfterTheSilence()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        using var log = new PostgresCommitLog(options);
        await log.AppendAsync(PostgresMigrationTests.Put("a"));
        var brief = PostgresOptions.Parse(server.Address(), options.Schema) with { SilenceTimeout = TimeSpan.FromMilliseconds(200) };
        await using var hanging = await PostgresTurn.TakeAsync(await PostgresMigrationTests.OpenAsync(options), brief, PostgresCursor.Start);
        Assert.Equal(2, (await log.AppendAsync(PostgresMigrationTests.Put("b"))).Number);
    }

    [Fact]
    public async Task Read_WrongPassword_SaysWhatToDoAndNotThePassword()
    {
        if (fixture.Server is not { } server)
            return;
        string wrong = server.Address().Replace(Uri.EscapeDataString(PostgresServer.Password), "s3cr3t-guess", StringComparison.Ordinal);
        using var log = new PostgresCommitLog(PostgresOptions.Parse(wrong));
        var error = await Assert.ThrowsAsync<TarnException>(() => log.ReadAsync().AsTask());
        Assert.Contains("PGPASSWORD", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t-guess", error.ToString(), StringComparison.Ordinal);
    }

    internal static async Task ExecuteAsync(PostgresOptions options, string sql)
    {
        await using var connection = await PostgresMigrationTests.OpenAsync(options);
        await PostgresMigrationTests.ExecuteAsync(connection, sql);
    }
}
