using Npgsql;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Postgres;
using Tarn.Metastore.Serialization;
using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Postgres;

[Collection(PostgresFixture.Name)]
public sealed class PostgresMigrationTests(PostgresFixture fixture)
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    [Fact]
    public void All_OfTheAssembly_AreNumberedWithoutGaps() =>
        Assert.Equal(Enumerable.Range(1, PostgresMigrations.All.Count), PostgresMigrations.All.Select(m => m.Number));

    /// <summary>A schema of every older version, with a commit in it, opens with the commit and ends at the newest version.</summary>
    [Fact]
    public async Task Apply_FromEveryVersion_KeepsTheCommits()
    {
        if (fixture.Server is not { } server)
            return;
        foreach (var (version, _) in PostgresMigrations.All)
        {
            var options = server.NewSchema();
            await using (var connection = await OpenAsync(options))
            {
                await PostgresMigrations.ApplyAsync(connection, options, version, default);
                Assert.Equal(version, await PostgresMigrations.VersionAsync(connection, options, default));
                await InsertAsync(connection, options, new CommitRecord(1, DateTimeOffset.UnixEpoch, "ada", CatalogAddress.Default, [new CatalogChange.PutNamespace(Namespace.Of("old"), s_none)]));
            }

            using var log = new PostgresCommitLog(options) { CheckpointEveryBytes = 0 };
            Assert.NotNull((await log.ReadAsync()).Main.FindNamespace(Namespace.Of("old")));
            Assert.Equal(2, (await log.AppendAsync(Put("new"))).Number);
            await using var after = await OpenAsync(options);
            Assert.Equal(PostgresMigrations.Newest, await PostgresMigrations.VersionAsync(after, options, default));
        }
    }

    [Fact]
    public async Task Apply_ManyAtOnce_MigrateOnce()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        var logs = Enumerable.Range(0, 8).Select(_ => new PostgresCommitLog(options)).ToList();
        await Task.WhenAll(logs.Select((log, i) => log.AppendAsync(Put($"n{i}")).AsTask()));
        Assert.Equal(8, (await logs[0].ReadAsync()).Number);
        logs.ForEach(l => l.Dispose());
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefusedAndSaysWhatToDo()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        using (var log = new PostgresCommitLog(options))
            await log.AppendAsync(Put("a"));
        await using (var connection = await OpenAsync(options))
            await ExecuteAsync(connection, $"INSERT INTO {options.Schema}.migrations (number, name) VALUES ({PostgresMigrations.Newest + 1}, 'later')");
        using var older = new PostgresCommitLog(options);
        foreach (var use in (Func<Task>[])[() => older.ReadAsync().AsTask(), () => older.AppendAsync(Put("b")).AsTask()])
        {
            var error = await Assert.ThrowsAsync<TarnException>(use);
            Assert.Equal(ErrorKind.Unsupported, error.Kind);
            Assert.Contains("use the newer Tarn", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The database may have a schema made for a user who may make none.</summary>
    [Fact]
    public async Task Open_UserOwnsTheSchemaOnly_Works()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        string user = PostgresServer.NewSchemaName();
        await using (var connection = await OpenAsync(options))
        {
            await ExecuteAsync(connection, $"CREATE ROLE {user} LOGIN PASSWORD 'x'");
            await ExecuteAsync(connection, $"CREATE SCHEMA {options.Schema} AUTHORIZATION {user}");
        }

        string address = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={server.Port};Database=postgres;Username={user};Password=x");
        using var log = new PostgresCommitLog(PostgresOptions.Parse(address, options.Schema));
        Assert.Equal(1, (await log.AppendAsync(Put("a"))).Number);
        using var none = new PostgresCommitLog(PostgresOptions.Parse(address, PostgresServer.NewSchemaName()));
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => none.ReadAsync().AsTask())).Kind);
    }

    internal static async Task<NpgsqlConnection> OpenAsync(PostgresOptions options)
    {
        var connection = new NpgsqlConnection(options.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static CommitRequest Put(string name) => new("ada", [], [new CatalogChange.PutNamespace(Namespace.Of(name), s_none)]);

    private static async Task InsertAsync(NpgsqlConnection connection, PostgresOptions options, CommitRecord commit)
    {
        var record = new ArrayBufferWriter<byte>();
        CommitJson.Write(record, commit);
        await using var command = new NpgsqlCommand(
            $"INSERT INTO {options.Schema}.commits (number, id, time, principal, warehouse, branch, record) VALUES ($1, $2, $3, 'ada', 'lake', 'main', $4::json)", connection)
        {
            Parameters = { new() { Value = commit.Number }, new() { Value = Guid.NewGuid() }, new() { Value = commit.Time.UtcDateTime }, new() { Value = Encoding.UTF8.GetString(record.WrittenSpan) } },
        };
        await command.ExecuteNonQueryAsync();
    }
}
