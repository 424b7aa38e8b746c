using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing;

namespace Tarn.Interop.Tests.Metastore;

/// <summary>Clients of the Hive Metastore protocol, unmodified, against <c>tarn up</c>; their files lie in its buckets.</summary>
public sealed class HiveMetastoreTests
{
    private static readonly string s_writers = Soak.Rounds(2, 6).ToString(System.Globalization.CultureInfo.InvariantCulture);
    private static readonly string s_commits = Soak.Rounds(3, 20).ToString(System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task JavaHiveCatalog_AllSteps_Pass()
    {
        if (SharedFolder.TryGet("peers", "hive", "run.sh") is not { } run)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false, allowsFiles: true);
        string warehouse = $"file://{server.Folder}/data/lake";
        var lines = await RunJavaAsync(run, ["--uri", server.Metastore, "--warehouse", warehouse, "--writers", s_writers, "--commits", s_commits]);
        if (lines is not null)
            Assert.Contains(lines, line => line.Contains("0 failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PyIceberg_FullRound_Passes()
    {
        if (SharedFolder.TryGet("peers", "examples", "pyiceberg_rest.py") is not { } script || await PeerCache.HivePythonAsync() is not { } python)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string[] storage = ["--s3-endpoint", server.Endpoint, "--s3-key", $"{ObjectStoreServer.AccessKey}:{ObjectStoreServer.Secret}"];
        var lines = await PeerProcess.RunAsync(
            python, [script, "--type", "hive", "--uri", server.Metastore, "--warehouse", "s3://lake", .. storage, "--rows", "500", "--writers", s_writers, "--commits", s_commits], [], exitCodes: [0, 1]);
        Assert.True(lines[^1].EndsWith(" 0 failed", StringComparison.Ordinal), string.Join('\n', lines));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task PyIceberg_AndTarnAsClientsInTurn_WriteOneTable(string locks)
    {
        if (await PeerCache.HivePythonAsync() is not { } python)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string[] client =
        [
            $"TARN_CATALOG_HIVE_URI={server.Metastore}", $"TARN_CATALOG_HIVE_LOCKS={locks}", "TARN_STORAGE_S3_BUCKET=lake", $"TARN_STORAGE_S3_ENDPOINT={server.Endpoint}", "TARN_STORAGE_S3_CREDENTIALS=environment",
            $"AWS_ACCESS_KEY_ID={ObjectStoreServer.AccessKey}", $"AWS_SECRET_ACCESS_KEY={ObjectStoreServer.Secret}", Program, "sql", "--data", Path.Join(server.Folder, "elsewhere"), "--format", "csv",
        ];
        Task<IReadOnlyList<string>> TarnAsync(string sql) => PeerProcess.RunAsync("env", [.. client, sql], []);
        Task<IReadOnlyList<string>> PythonAsync(string step) => PeerProcess.RunAsync(python, [PeerProcess.Script("hive_in_turn.py"), server.Metastore, server.Endpoint, ObjectStoreServer.AccessKey, ObjectStoreServer.Secret, step], []);

        await TarnAsync("CREATE SCHEMA sales; CREATE TABLE sales.t (id BIGINT, name VARCHAR); INSERT INTO sales.t VALUES (1, 'tarn')");
        Assert.Equal(["[(1, 'tarn'), (2, 'pyiceberg')]"], await PythonAsync("append"));
        await TarnAsync("INSERT INTO sales.t VALUES (3, 'tarn'); ALTER TABLE sales.t ADD COLUMN note VARCHAR");
        Assert.Equal(["[(1, 'tarn', None), (3, 'tarn', None), (4, 'again', 'x')]"], await PythonAsync("delete"));
        await TarnAsync("ALTER TABLE sales.t RENAME TO u; INSERT INTO sales.u SELECT id + 10, name, note FROM sales.u");
        Assert.Equal(["['u']"], await PythonAsync("list"));
        Assert.Equal(["n,s", "6,46"], await TarnAsync("SELECT count(*) AS n, sum(id) AS s FROM sales.u"));
    }

    [Fact]
    public async Task Spark_AndTarnInTurn_WriteOneTable()
    {
        if (SharedFolder.TryGet("peers", "spark", "run.sh") is not { } run)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        await SqlAsync(server, "CREATE SCHEMA sales; CREATE TABLE sales.t (id INT, name VARCHAR); INSERT INTO sales.t VALUES (1, 'tarn')");
        const string statements = """
            INSERT INTO sales.t VALUES (2, 'spark');
            MERGE INTO sales.t USING (SELECT 1 AS id, 'merged' AS name UNION ALL SELECT 3, 'new') s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT *;
            CREATE TABLE sales.made USING iceberg AS SELECT id FROM sales.t;
            CREATE OR REPLACE TABLE sales.made USING iceberg AS SELECT name FROM sales.t WHERE id = 3;
            CREATE VIEW sales.v AS SELECT id FROM sales.t;
            SELECT count(*) AS n FROM sales.v;
            """;
        string[] arguments = ["--hive", server.Metastore, "--warehouse", "s3://lake", "--s3-endpoint", server.Endpoint, "--s3-key", $"{ObjectStoreServer.AccessKey}:{ObjectStoreServer.Secret}", "-f", "-"];
        if (await RunJavaAsync(run, arguments, statements) is not { } lines)
            return;
        Assert.Equal("""{"n":"3"}""", lines[^1]);
        await SqlAsync(server, "INSERT INTO sales.t VALUES (4, 'again')");
        Assert.Equal(["id,name", "1,merged", "2,spark", "3,new", "4,again"], await SqlAsync(server, "SELECT * FROM sales.t ORDER BY id"));
        Assert.Equal(["name", "new"], await SqlAsync(server, "SELECT * FROM sales.made"));
    }

    [Fact]
    public async Task Spark_ProceduresBranchesAndStreams_AndTarnInTurn_WriteOneTable()
    {
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        await SparkInTurn.RunAsync(
            server, "--hive", server.Metastore, "--warehouse", "s3://lake", "--s3-endpoint", server.Endpoint, "--s3-key", $"{ObjectStoreServer.AccessKey}:{ObjectStoreServer.Secret}");
    }

    /// <summary>A command of Tarn on the data folder of a server.</summary>
    internal static Task<IReadOnlyList<string>> TarnAsync(ObjectStoreServer server, string command, params string[] arguments) =>
        PeerProcess.RunAsync(Program, [command, "--data", Path.Join(server.Folder, "data"), .. arguments], []);

    private static string Program => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn");

    private static Task<IReadOnlyList<string>> SqlAsync(ObjectStoreServer server, string sql) => TarnAsync(server, "sql", "--format", "csv", sql);

    /// <summary>What it printed, or null (said loudly) when Java is not here.</summary>
    internal static async Task<IReadOnlyList<string>?> RunJavaAsync(string run, string[] arguments, params string[] input)
    {
        try
        {
            return await PeerProcess.RunAsync(run, arguments, input);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            LoudSkip.Say($"{run} cannot run: {missing.Message}");
            return null;
        }
        catch (InvalidOperationException missing) when (missing.Message.Contains("java: not found", StringComparison.Ordinal))
        {
            LoudSkip.Say($"{run} cannot run: no java (openjdk-17-jre-headless) is installed.");
            return null;
        }
    }
}
