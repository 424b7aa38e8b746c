using Tarn.Interop.Tests.ObjectStore;
using Tarn.Testing;

namespace Tarn.Interop.Tests.Peers;

/// <summary>Apache Spark with Iceberg, unmodified, and Tarn's SQL write to the same tables in turn: MERGE, UPDATE, DELETE, procedures, branches, tags, streams, views, evolution.</summary>
internal static class SparkInTurn
{
    private const string First = """
        INSERT INTO sales.t VALUES (2, 'spark');
        MERGE INTO sales.t USING (SELECT 1 AS id, 'merged' AS name UNION ALL SELECT 3, 'new') s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT *;
        CALL lake.system.rewrite_data_files(table => 'sales.t', options => map('rewrite-all', 'true'));
        ALTER TABLE sales.t CREATE BRANCH audit;
        INSERT INTO sales.t.branch_audit VALUES (9, 'audit');
        CREATE VIEW sales.v AS SELECT id FROM sales.t;
        CREATE TABLE sales.seen (id INT) USING iceberg;
        STREAM VIEW events FROM TABLE lake.sales.events;
        STREAM INTO lake.sales.seen CHECKPOINT '{0}' AS SELECT id FROM events;
        SELECT count(*) AS n FROM sales.t.branch_audit;
        """;

    private const string Second = """
        STREAM VIEW events FROM TABLE lake.sales.events;
        STREAM INTO lake.sales.seen CHECKPOINT '{0}' AS SELECT id FROM events;
        ALTER TABLE sales.t CREATE BRANCH next;
        INSERT INTO sales.t.branch_next VALUES (5, 'next');
        CALL lake.system.fast_forward('sales.t', 'main', 'next');
        ALTER TABLE sales.t CREATE TAG eod;
        DELETE FROM sales.t WHERE id = 2;
        UPDATE sales.t SET name = 'updated' WHERE id = 3;
        CALL lake.system.expire_snapshots(table => 'sales.t', older_than => TIMESTAMP '2999-01-01 00:00:00', retain_last => 1);
        ALTER TABLE sales.t ADD COLUMN price DECIMAL(10, 2);
        INSERT INTO sales.t VALUES (6, 'priced', 1.25);
        SELECT count(*) AS n FROM sales.v JOIN sales.by_tarn USING (id);
        """;

    private const string Short = """
        INSERT INTO sales.t VALUES (3, 'spark');
        DELETE FROM sales.t WHERE id = 1;
        CREATE TABLE sales.made USING iceberg PARTITIONED BY (id) AS SELECT id % 3 AS id, id AS v FROM range(100);
        DELETE FROM sales.made WHERE v >= 50;
        CALL lake.system.rewrite_data_files(table => 'sales.made', options => map('rewrite-all', 'true'));
        CALL lake.system.expire_snapshots(table => 'sales.made', older_than => TIMESTAMP '2999-01-01 00:00:00', retain_last => 1);
        CREATE TABLE sales.gone USING iceberg AS SELECT * FROM sales.t;
        DROP TABLE sales.gone;
        SELECT count(*) AS n, sum(v) AS s FROM sales.made WHERE v >= 0;
        """;

    /// <summary>Works in turn, or skips (said loudly) when Spark cannot run here.</summary>
    /// <param name="server">The server.</param>
    /// <param name="door">How Spark reaches the catalog and the files.</param>
    public static async Task RunAsync(ObjectStoreServer server, params string[] door)
    {
        if (SharedFolder.TryGet("peers", "spark", "run.sh") is not { } run)
            return;
        string checkpoint = Path.Join(server.Folder, "checkpoint");
        await SqlAsync(server, "CREATE SCHEMA sales; CREATE TABLE sales.t (id INT, name VARCHAR); INSERT INTO sales.t VALUES (1, 'tarn'); CREATE TABLE sales.events (id INT); INSERT INTO sales.events VALUES (1), (2)");
        if (await SparkAsync(run, door, First, checkpoint) is not { } printed)
            return;
        Assert.Equal("""{"n":"4"}""", printed[^1]);
        Assert.Equal(["id,name", "1,merged", "2,spark", "3,new", "9,audit"], await SqlAsync(server, "SELECT * FROM sales.t FOR VERSION AS OF 'audit' ORDER BY id"));
        await SqlAsync(server, "INSERT INTO sales.t VALUES (4, 'again'); INSERT INTO sales.events VALUES (3); CREATE VIEW sales.by_tarn AS SELECT id FROM sales.t");
        Assert.Equal("""{"n":"5"}""", (await SparkAsync(run, door, Second, checkpoint))![^1]);
        await SqlAsync(server, "INSERT INTO sales.t VALUES (7, 'last', 2.5)");
        Assert.Equal(
            ["id,name,price", "1,merged,", "3,updated,", "4,again,", "5,next,", "6,priced,1.25", "7,last,2.50"], await SqlAsync(server, "SELECT * FROM sales.t ORDER BY id"));
        Assert.Equal(["id,name", "1,merged", "2,spark", "3,new", "4,again", "5,next"], await SqlAsync(server, "SELECT * FROM sales.t FOR VERSION AS OF 'eod' ORDER BY id"));
        Assert.Equal(["id", "1", "2", "3"], await SqlAsync(server, "SELECT * FROM sales.seen ORDER BY id"));
        Assert.Equal(["n", "6"], await SqlAsync(server, "SELECT count(*) AS n FROM sales.v"));
    }

    /// <summary>Tables that come and go without a key of the storage in Spark's hands, and files that are found by the server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="door">How Spark reaches the catalog and the files.</param>
    public static async Task MakeAndDropAsync(ObjectStoreServer server, params string[] door)
    {
        if (SharedFolder.TryGet("peers", "spark", "run.sh") is not { } run)
            return;
        await SqlAsync(server, "CREATE SCHEMA sales; CREATE TABLE sales.t (id INT, name VARCHAR); INSERT INTO sales.t VALUES (1, 'tarn'), (2, 'other')");
        if (await SparkAsync(run, door, Short, "") is not { } printed)
            return;
        Assert.Equal("""{"n":"50","s":"1225"}""", printed[^1]);
        Assert.Equal(["id,name", "2,other", "3,spark"], await SqlAsync(server, "SELECT * FROM sales.t ORDER BY id"));
        Assert.Equal(["n,s", "50,1225"], await SqlAsync(server, "SELECT count(*) AS n, sum(v) AS s FROM sales.made"));
    }

    private static Task<IReadOnlyList<string>> SqlAsync(ObjectStoreServer server, string sql) => PeerProcess.RunAsync(
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn"), ["sql", "--data", Path.Join(server.Folder, "data"), "--format", "csv", sql], []);

    /// <summary>What it printed, or null (said loudly) when Java is not here.</summary>
    private static async Task<IReadOnlyList<string>?> SparkAsync(string run, string[] door, string statements, string checkpoint)
    {
        try
        {
            return await PeerProcess.RunAsync(run, [.. door, "-f", "-"], [statements.Replace("{0}", checkpoint, StringComparison.Ordinal)]);
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or InvalidOperationException && missing.Message.Contains("not found", StringComparison.Ordinal) && missing.Message.Contains("java", StringComparison.Ordinal))
        {
            LoudSkip.Say($"{run} cannot run: no java (openjdk-17-jre-headless) is installed.");
            return null;
        }
    }
}
