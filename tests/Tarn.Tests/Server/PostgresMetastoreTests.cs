using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Tarn.Testing.Postgres;

namespace Tarn.Tests.Server;

/// <summary>The program with its catalog in PostgreSQL.</summary>
public sealed class PostgresMetastoreTests : IDisposable
{
    private const string AccessKey = "ROOTKEY", SecretKey = "root-secret-key";

    private readonly PostgresServer? _postgres = PostgresServer.TryStart();
    private readonly string _schema = PostgresServer.NewSchemaName();

    [Fact]
    public async Task TwoServers_OneMetastore_SeeEachOthersTablesAndUsersAtOnce()
    {
        if (_postgres is null)
            return;
        using TarnProcess first = NewTarn(), second = NewTarn();
        await using var one = await RunningServer.StartAsync(first);
        Copy(Path.Join(first.Folder, "tarn-data"), Path.Join(second.Folder, "tarn-data"), "tarn.json");
        Copy(Path.Join(first.Folder, "tarn-data", ".keys"), Path.Join(second.Folder, "tarn-data", ".keys"), "*");
        await using var other = await RunningServer.StartAsync(second);
        using HttpClient onOne = await LoginAsync(one), onOther = await LoginAsync(other);
        for (int i = 0; i < 3; i++)
        {
            var (writer, reader) = i % 2 == 0 ? (onOne, onOther) : (onOther, onOne);
            Assert.Equal(HttpStatusCode.OK, (await writer.PostAsJsonAsync("v1/lake/namespaces", new { @namespace = new[] { $"n{i}" } })).StatusCode);
            Assert.Contains($"\"n{i}\"", await reader.GetStringAsync("v1/lake/namespaces"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Conflict, (await reader.PostAsJsonAsync("v1/lake/namespaces", new { @namespace = new[] { $"n{i}" } })).StatusCode);
        }

        await DoneAsync(first, "user", "add", "ada");
        Assert.Contains("ada", (await DoneAsync(second, "user", "list")).Out, StringComparison.Ordinal);
        Assert.Contains("n0", (await DoneAsync(second, "sql", "show schemas")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_ThereAndBack_KeepsTheTables_AndThePasswordStandsNowhere()
    {
        if (_postgres is null)
            return;
        using var tarn = new TarnProcess();
        await DoneAsync(tarn, "sql", "create schema sales; create table sales.t as select 42 as answer");
        await File.WriteAllTextAsync(Path.Join(tarn.Folder, "there.yaml"), Configuration());
        var said = new List<ProcessResult>
        {
            await DoneAsync(tarn, "catalog", "migrate", "--to", "postgres", "--dry-run", "--config", "there.yaml"),
            await DoneAsync(tarn, "catalog", "migrate", "--to", "postgres", "--config", "there.yaml"),
            await tarn.RunAsync("sql", "select * from sales.t"),
        };
        Assert.NotEqual(0, said[^1].ExitCode);
        Assert.Contains("was moved to PostgreSQL", said[^1].Error, StringComparison.Ordinal);
        said.Add(await DoneAsync(tarn, "sql", "select * from sales.t", "--config", "there.yaml"));
        Assert.Contains("42", said[^1].Out, StringComparison.Ordinal);
        said.Add(await DoneAsync(tarn, "config", "show", "--config", "there.yaml"));
        Assert.Contains("********", said[^1].Out, StringComparison.Ordinal);
        said.Add(await DoneAsync(tarn, "catalog", "migrate", "--from", "postgres", "--config", "there.yaml"));
        said.Add(await DoneAsync(tarn, "sql", "select * from sales.t"));
        Assert.Contains("42", said[^1].Out, StringComparison.Ordinal);
        Assert.All(said, s => Assert.DoesNotContain(PostgresServer.Password, s.ToString(), StringComparison.Ordinal));
        Assert.All(said, s => Assert.DoesNotContain(Uri.EscapeDataString(PostgresServer.Password), s.ToString(), StringComparison.Ordinal));
    }

    /// <summary>A dry run, in either direction, makes neither a schema nor a folder.</summary>
    [Fact]
    public async Task Migrate_DryRun_MakesNothing()
    {
        if (_postgres is null)
            return;
        using var tarn = NewTarn();
        await DoneAsync(tarn, "sql", "create schema sales", "--config", EmptyConfiguration(tarn));
        await DoneAsync(tarn, "catalog", "migrate", "--to", "postgres", "--dry-run");
        Assert.Equal(0L, await AskAsync($"SELECT count(*) FROM pg_namespace WHERE nspname = '{_schema}'"));
        await DoneAsync(tarn, "catalog", "migrate", "--to", "postgres");
        await DoneAsync(tarn, "catalog", "migrate", "--from", "postgres", "--dry-run", "--data", "fresh");
        Assert.False(Directory.Exists(Path.Join(tarn.Folder, "fresh")));
    }

    /// <summary>The process is killed while the move writes to PostgreSQL.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrate_Killed_IsFinishedByTheSameCommand(bool isToPostgres)
    {
        if (_postgres is null)
            return;
        using var tarn = NewTarn();
        string here = EmptyConfiguration(tarn);
        await DoneAsync(tarn, "sql", "create schema sales; create table sales.t as select 42 as answer", "--config", here);
        string[] command = ["catalog", "migrate", isToPostgres ? "--to" : "--from", "postgres"];
        if (isToPostgres)
            await DoneAsync(tarn, "sql", "show schemas", "--data", "other"); // makes the tables, one of which is locked below
        else
            await DoneAsync(tarn, "catalog", "migrate", "--to", "postgres");
        await using (var connection = await OpenAsync())
        {
            // Reading, and taking the turn, go on.
            await using var locks = new NpgsqlCommand($"BEGIN; LOCK TABLE {_schema}.{(isToPostgres ? "commits" : "log")} IN SHARE MODE", connection);
            await locks.ExecuteNonQueryAsync();
            using var process = tarn.Start(command);
            while (!process.HasExited && await AskAsync("SELECT count(*) FROM pg_locks WHERE NOT granted") is 0L)
                await Task.Yield();
            Assert.False(process.HasExited);
            await TarnProcess.EndAsync(process, "KILL");
        }

        var (source, target) = isToPostgres ? (here, "tarn.yaml") : ("tarn.yaml", here);
        Assert.Contains("42", (await DoneAsync(tarn, "sql", "select * from sales.t", "--config", source)).Out, StringComparison.Ordinal);
        var refused = await tarn.RunAsync("sql", "show schemas", "--config", target);
        Assert.Contains($"tarn {string.Join(' ', command)} --data ", refused.Error, StringComparison.Ordinal);
        await DoneAsync(tarn, command);
        Assert.Contains("42", (await DoneAsync(tarn, "sql", "select * from sales.t", "--config", target)).Out, StringComparison.Ordinal);
        Assert.NotEqual(0, (await tarn.RunAsync("sql", "show schemas", "--config", source)).ExitCode);
    }

    public void Dispose() => _postgres?.Dispose();

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _postgres!.Port,
            Database = "postgres",
            Username = PostgresServer.User,
            Password = PostgresServer.Password,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private async Task<object?> AskAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    // Names no PostgreSQL, unlike the file that is found without being named.
    private static string EmptyConfiguration(TarnProcess tarn)
    {
        File.WriteAllText(Path.Join(tarn.Folder, "here.yaml"), "");
        return "here.yaml";
    }

    private TarnProcess NewTarn()
    {
        var tarn = new TarnProcess();
        File.WriteAllText(Path.Join(tarn.Folder, "tarn.yaml"), Configuration() + $"root:\n  access_key: {AccessKey}\n  secret_key: {SecretKey}\n");
        return tarn;
    }

    private string Configuration() => $"metastore:\n  postgres: \"{_postgres!.Address()}\"\n  schema: {_schema}\n";

    private static async Task<ProcessResult> DoneAsync(TarnProcess tarn, params string[] words)
    {
        var result = await tarn.RunAsync(words);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private static async Task<HttpClient> LoginAsync(RunningServer server)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://{server.Listeners["catalog"]}/") };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = AccessKey, ["client_secret"] = SecretKey });
        using var answer = await client.PostAsync("v1/oauth/tokens", form);
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.True(answer.IsSuccessStatusCode, token.RootElement.ToString());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        return client;
    }

    private static void Copy(string from, string to, string names)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, names))
            File.Copy(file, Path.Join(to, Path.GetFileName(file)));
    }
}
