using Tarn.CommandLine;

namespace Tarn.Tests.Commands;

/// <summary>What commands say of names, folders and states that are not there.</summary>
public sealed class CommandFailureTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Commands_OfWhatIsNotThere_NameItAndTheWayOut()
    {
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "CREATE SCHEMA gold; CREATE TABLE gold.t AS SELECT 1 AS x; CREATE SCHEMA empty")).ExitCode);
        Directory.CreateDirectory(Path.Join(_tarn.Folder, "taken.csv"));
        Directory.CreateDirectory(Path.Join(_tarn.Folder, "out", "sales.csv"));
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "file"), "x");

        await FailsAsync("There is no schema 'goldd'; did you mean 'gold'. ", "tables", "goldd");
        await FailsAsync("Table gold.t has no state before the current one. 'tarn history gold.t' lists", "rollback", "gold.t", "--to", "previous");
        await FailsAsync("There is no folder 'none'; name the one that holds SCHEMA/TABLE/metadata", "catalog", "import", "--from", "folder:none");
        await FailsAsync("The policy is empty; give the JSON of one.", "policy", "put", "p", "-");
        await FailsAsync($"Cannot write the file: '{Path.Join(_tarn.Folder, "taken.csv")}'", "export", "gold.t", "--to", "taken.csv", "--overwrite");
        await FailsAsync($"Cannot write the file: '{Path.Join(_tarn.Folder, "out", "sales.csv")}'", "generate", "sales", "--rows", "10", "--out", "out");
        await FailsAsync($"Cannot write the file: '{Path.Join(_tarn.Folder, "file", "sales.csv")}'", "generate", "sales", "--rows", "10", "--out", "file");
        Assert.Empty(Directory.GetFiles(Path.Join(_tarn.Folder, "out")));
        await FailsAsync("Property 'table-default.format-version' is '9', and no table could be created: it must be a format version, 1 to 3.", "catalog", "set", "lake", "--set", "table-default.format-version=9");
        foreach (string[] words in (string[][])[["catalog", "undrop", "out"], ["lineage", "out"], ["relocate", "s3://a/", "s3://b/", "out"]])
            Assert.Contains("table 'out' has no schema: write schema.table", (await _tarn.RunAsync(words)).Error, StringComparison.Ordinal);

        foreach (string[] words in (string[][])[["branch", "merge", "dev", "--into", "dev"], ["branch", "diff", "main", "main"]])
        {
            var itself = await _tarn.RunAsync(words);
            Assert.Equal(ExitCode.Usage, itself.ExitCode);
            Assert.Contains("itself: name another one", itself.Error, StringComparison.Ordinal);
        }

        var empty = await _tarn.RunAsync("tables", "empty");
        Assert.Equal((ExitCode.Done, "Schema 'empty' has no tables.\n"), (empty.ExitCode, empty.Error));
        var import = await _tarn.RunAsync("catalog", "import", "--from", "x:y");
        Assert.Equal(ExitCode.Usage, import.ExitCode);
        Assert.Contains("nor folder:DIR", import.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lineage_OfATableOfAnotherWarehouse_IsFoundByItsName()
    {
        await _tarn.RunAsync("sql", "CREATE SCHEMA s");
        await _tarn.RunAsync("catalog", "create", "w2");
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "CREATE SCHEMA w2.s; CREATE TABLE w2.s.t AS SELECT 1 AS x; CREATE TABLE w2.s.u AS SELECT * FROM w2.s.t; CREATE SCHEMA s.w2; CREATE TABLE s.w2.t AS SELECT * FROM w2.s.u")).ExitCode);

        Assert.Contains("from,1,table,w2/s.t,", (await _tarn.RunAsync("lineage", "w2.s.u", "--format", "csv")).Out, StringComparison.Ordinal);
        Assert.Contains("from,1,table,w2/s.u,", (await _tarn.RunAsync("lineage", "s.w2.t", "--format", "csv")).Out, StringComparison.Ordinal);
        Assert.Contains("from,1,table,w2/s.u,", (await _tarn.RunAsync("lineage", "iceberg.s.w2.t", "--format", "csv")).Out, StringComparison.Ordinal);
    }

    /// <summary>Events are kept longer than what they tell of.</summary>
    [Fact]
    public async Task Lineage_OfATableOfADroppedWarehouse_IsFoundByItsName()
    {
        await _tarn.RunAsync("sql", "CREATE SCHEMA s");
        await _tarn.RunAsync("catalog", "create", "wx");
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "CREATE SCHEMA wx.s; CREATE TABLE wx.s.t AS SELECT 1 AS x; CREATE TABLE s.u AS SELECT * FROM wx.s.t; DROP TABLE wx.s.t; DROP SCHEMA wx.s")).ExitCode);
        Assert.Contains("to,1,table,lake/s.u,", (await _tarn.RunAsync("lineage", "wx.s.t", "--format", "csv")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("catalog", "drop", "wx")).ExitCode);

        Assert.Contains("to,1,table,lake/s.u,", (await _tarn.RunAsync("lineage", "wx.s.t", "--format", "csv")).Out, StringComparison.Ordinal);
        await _tarn.RunAsync("sql", "CREATE SCHEMA wx; CREATE SCHEMA wx.s; CREATE TABLE wx.s.t AS SELECT 2 AS x; CREATE TABLE s.v AS SELECT * FROM wx.s.t");
        Assert.Contains("to,1,table,lake/s.v,", (await _tarn.RunAsync("lineage", "wx.s.t", "--format", "csv")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_ThatChangeTheCatalog_SayWhatTheyDid()
    {
        await _tarn.RunAsync("sql", "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS x");

        await SaysAsync("'dev' has everything that 'main' has.", "branch", "create", "dev");
        await SaysAsync("Branch 'dev' is deleted.", "branch", "delete", "dev");
        await SaysAsync("Warehouse 'lab' is made; in SQL its tables are lab.SCHEMA.TABLE.", "catalog", "create", "lab");
        await SaysAsync("The properties of warehouse 'lab' are changed; 'tarn catalog list' shows them.", "catalog", "set", "lab", "--set", "a=b");
        Assert.Contains("\"location\":\"s3://lake\"", (await _tarn.RunAsync("catalog", "list", "--format", "json")).Out, StringComparison.Ordinal);
        await SaysAsync("Warehouse 'lab' is dropped.", "catalog", "drop", "lab");
        await SaysAsync("s.t, column x, has the tags pii now.", "tag", "set", "s.t", "pii", "--column", "x");
    }

    [Fact]
    public async Task Expire_OfAPurgedTableThatABranchHas_NamesTheBranch()
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), "catalog:\n  undrop: 0s\n");
        await _tarn.RunAsync("sql", "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS x");
        await _tarn.RunAsync("branch", "create", "dev");
        await _tarn.RunAsync("sql", "DROP TABLE s.t PURGE");
        Assert.Contains("\"files\":\"kept by lake@dev\"", (await _tarn.RunAsync("catalog", "dropped", "--format", "ndjson")).Out, StringComparison.Ordinal);
        await SaysAsync("0 dropped tables and views were forgotten. Purged ones keep their files as long as others show them, or can bring them back: 's.t' of 'lake' (kept by 'lake@dev').", "catalog", "expire");
        await _tarn.RunAsync("sql", "--branch", "dev", "DROP TABLE s.t");
        await SaysAsync("1 dropped tables and views were forgotten.", "catalog", "expire");
        Assert.Empty(Directory.GetFiles(_tarn.Folder, "*.avro", SearchOption.AllDirectories));
    }

    /// <summary>A misspelled branch is told before anything is done, also by what needs no table of it.</summary>
    [Fact]
    public async Task Commands_OnABranchThatIsNotThere_AreRefused()
    {
        await FailsAsync($"There is no lake at '{Path.Join(_tarn.Folder, "tarn-data")}'", "sql", "--branch", "nope", "CREATE SCHEMA s");
        Assert.False(Directory.Exists(Path.Join(_tarn.Folder, "tarn-data")));
        await _tarn.RunAsync("sql", "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS x");
        await _tarn.RunAsync("catalog", "create", "lab");
        await _tarn.RunAsync("branch", "create", "dev", "--warehouse", "lab");
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "a.csv"), "x\n1\n");

        foreach (string[] words in (string[][])[["sql", "SELECT 1"], ["tables"], ["read", "s.t"], ["branch", "list"], ["ingest", "a.csv", "--table", "s.u"], ["demo", "--rows", "10"]])
            await FailsAsync("Warehouse 'lake' has no branch 'nope'; it has main. 'tarn branch create' makes one.", [.. words, "--branch", "nope"]);
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("tables", "--warehouse", "lab", "--branch", "dev")).ExitCode);
    }

    [Fact]
    public async Task Dropped_All_ListsEveryWarehouseAndBranchDeletedOnesIncluded()
    {
        await _tarn.RunAsync("sql", "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS x");
        await _tarn.RunAsync("branch", "create", "dev");
        await _tarn.RunAsync("sql", "--branch", "dev", "-c", "CREATE TABLE s.own AS SELECT 1 AS x; DROP TABLE s.t PURGE");
        await _tarn.RunAsync("branch", "delete", "dev");
        Assert.Equal("", (await _tarn.RunAsync("catalog", "dropped", "--format", "ndjson")).Out);
        string[] all = (await _tarn.RunAsync("catalog", "dropped", "--all", "--format", "ndjson")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, all.Length);
        Assert.StartsWith("{\"warehouse\":\"lake\",\"branch\":\"dev\",\"name\":\"s.own\",\"kind\":\"table\"", all[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"warehouse\":\"lake\",\"branch\":\"dev\",\"name\":\"s.t\",", all[1], StringComparison.Ordinal);
        Assert.Contains("leave it or --branch away", (await _tarn.RunAsync("catalog", "dropped", "--all", "--branch", "main")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_MetadataOfOneIsGone_ListsTheOthersAndFails()
    {
        await _tarn.RunAsync("sql", "CREATE SCHEMA s; CREATE TABLE s.broken AS SELECT 1 AS x; CREATE TABLE s.whole AS SELECT 1 AS x");
        foreach (string file in Directory.GetFiles(Path.Join(_tarn.Folder, "tarn-data"), "*.metadata.json", SearchOption.AllDirectories))
        {
            if (file.Contains("broken", StringComparison.Ordinal))
                File.Delete(file);
        }

        var result = await _tarn.RunAsync("tables", "--format", "csv");

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("\ns,broken,\"table, unreadable\",,,,\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("\ns,whole,table,1,", result.Out, StringComparison.Ordinal);
        Assert.StartsWith("error: Table s.broken cannot be read: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(".metadata.json", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Nothing could be stored there, which the first table would tell.</summary>
    [Fact]
    public async Task CatalogCreate_InABucketThatIsNotThere_IsRefused()
    {
        await _tarn.RunAsync("sql", "CREATE SCHEMA s");
        await FailsAsync("Warehouse 'research' cannot lie at 's3://other/x', where no table could be made: there is no bucket 'other'.", "catalog", "create", "research", "--location", "s3://other/x");
        Directory.CreateDirectory(Path.Join(_tarn.Folder, "tarn-data", "other"));
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("catalog", "create", "research", "--location", "s3://other/x")).ExitCode);
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("catalog", "create", "mapped", "--location", "s3://away/x", "--map", $"s3://away/={_tarn.Folder}/away/")).ExitCode);
    }

    private async Task FailsAsync(string message, params string[] words)
    {
        var result = await _tarn.RunAsync(words);
        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.StartsWith("error: " + message, result.Error, StringComparison.Ordinal);
    }

    private async Task SaysAsync(string sentence, params string[] words) => Assert.Equal(new ProcessResult(ExitCode.Done, "", sentence + "\n"), await _tarn.RunAsync(words));
}
