using Tarn.Core.Errors;
using Tarn.Storage.Local;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Local;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void OpenExisting_NoFolder_IsNullAndCreatesNothing()
    {
        Assert.Null(DataFolder.OpenExisting(_folder["none"]));
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void OpenOrCreate_NewAndAgain_GivesTheSame()
    {
        var created = DataFolder.OpenOrCreate(_folder["a/b/lake-data"]);
        Assert.Equal("s3://lake", created.WarehouseLocation);
        Assert.Equal(created, DataFolder.OpenOrCreate(_folder["a/b/lake-data/"]));
        Assert.Equal(created, DataFolder.OpenExisting(_folder["a/b/lake-data"]));
        Assert.Contains("\"format-version\": 1", File.ReadAllText(_folder["a/b/lake-data/tarn.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void OpenOrCreate_ByManyAtOnce_GivesAllTheSame()
    {
        const int rounds = 40, threads = 8;
        for (int round = 0; round < rounds; round++)
        {
            string path = _folder[$"many-{round}"];
            var created = new DataFolder[threads];
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => created[i] = DataFolder.OpenOrCreate(path));
            Assert.All(created, folder => Assert.Equal(created[0], folder));
        }
    }

    [Fact]
    public void OpenOrCreate_OtherWarehouse_IsInvalid()
    {
        DataFolder.OpenOrCreate(_folder["d"], "file:///srv/wh/");
        Assert.Equal("file:///srv/wh", DataFolder.OpenOrCreate(_folder["d"]).WarehouseLocation);
        AssertKind(ErrorKind.InvalidRequest, "file:///srv/wh", () => DataFolder.OpenOrCreate(_folder["d"], "s3://lake"));
        AssertKind(ErrorKind.InvalidRequest, "'file:///srv/wh', not 's3://lake'", () => DataFolder.OpenExisting(_folder["d"], "s3://lake"));
        Assert.NotNull(DataFolder.OpenExisting(_folder["d"], "file:///srv/wh"));
    }

    [Theory]
    [InlineData("gs://x")]
    [InlineData("s3://other")]
    [InlineData("relative")]
    [InlineData("file:///")]
    public void OpenOrCreate_ImpossibleWarehouse_IsInvalid(string warehouse) =>
        AssertKind(ErrorKind.InvalidRequest, "Warehouse", () => DataFolder.OpenOrCreate(_folder["d"], warehouse));

    [Fact]
    public void Open_NewerFormat_IsRefusedWithWhatToDo()
    {
        File.WriteAllText(_folder["tarn.json"], """{"format-version":2,"warehouse-location":"s3://lake","new":true}""");
        AssertKind(ErrorKind.Unsupported, "newer Tarn", () => DataFolder.OpenOrCreate(_folder.Path));
        AssertKind(ErrorKind.Unsupported, "newer Tarn", () => DataFolder.OpenExisting(_folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"format-version\":\"1\"}")]
    [InlineData("{\"format-version\":1}")]
    [InlineData("{\"format-version\":0,\"warehouse-location\":\"s3://lake\"}")]
    [InlineData("{\"format-version\":1,\"warehouse-location\":null}")]
    public void Open_DamagedMarker_IsDataCorrupted(string content)
    {
        File.WriteAllText(_folder["tarn.json"], content);
        AssertKind(ErrorKind.DataCorrupted, "tarn.json", () => DataFolder.OpenExisting(_folder.Path));
    }

    [Fact]
    public void Open_SomebodyElsesFolder_IsRefused()
    {
        File.WriteAllText(_folder["thesis.docx"], "");
        AssertKind(ErrorKind.InvalidRequest, "thesis.docx", () => DataFolder.OpenOrCreate(_folder.Path));
        AssertKind(ErrorKind.InvalidRequest, "is a file", () => DataFolder.OpenOrCreate(_folder["thesis.docx"]));
    }

    [Fact]
    public async Task OpenOrCreate_ManyAtOnce_AgreeOnOne()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => DataFolder.OpenOrCreate(_folder["d"]))));
        Assert.Single(opened.Distinct());
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["d"]), f => f.Contains("tarn.json.", StringComparison.Ordinal));
    }

    [Fact]
    public void OpenOrCreate_PowerCutAnywhere_OpensAfterwards()
    {
        for (int at = 1; ; at++)
        {
            var disk = new PowerCutFileSystem { CutAt = at };
            bool isDone = Survives(() => DataFolder.OpenOrCreate("/srv/data", files: disk));
            var after = disk.Reboot(at);
            if (isDone)
                Assert.NotNull(DataFolder.OpenExisting("/srv/data", files: after));
            Assert.Equal("s3://lake", DataFolder.OpenOrCreate("/srv/data", files: after).WarehouseLocation);
            if (isDone)
                return;
        }
    }

    public void Dispose() => _folder.Dispose();

    private static bool Survives(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (TarnException)
        {
            return false;
        }
    }

    private static void AssertKind(ErrorKind kind, string text, Action action)
    {
        var error = Assert.Throws<TarnException>(action);
        Assert.Equal(kind, error.Kind);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
