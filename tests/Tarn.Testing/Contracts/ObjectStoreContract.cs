using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Testing.Contracts;

/// <summary>What every object store does. Derive, give a fresh store, and the tests run.</summary>
public abstract class ObjectStoreContract
{
    /// <summary>A store without objects; the same one during a test.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>Where the tests put their objects; ends with a slash.</summary>
    protected virtual string Root => "s3://lake/sales/orders-1f/";

    [Fact]
    public async Task Put_NewObject_ReadsBackWhole()
    {
        var stat = await Store.PutAsync(Root + "a.json", "hello"u8.ToArray());
        Assert.Equal((Root + "a.json", 5L), (stat.Location, stat.SizeBytes));
        Assert.Equal("hello", await TextAsync("a.json"));
        Assert.Equal(5, (await Store.HeadAsync(Root + "a.json"))!.SizeBytes);
    }

    [Fact]
    public async Task Put_EmptyObject_IsAnObject()
    {
        await Store.PutAsync(Root + "empty", ReadOnlyMemory<byte>.Empty);
        Assert.Equal(0, (await Store.HeadAsync(Root + "empty"))!.SizeBytes);
        Assert.Equal(0, (await Store.ReadAsync(Root + "empty")).Length);
    }

    [Fact]
    public async Task Put_IfAbsentTwice_FailsAndKeepsTheFirst()
    {
        await Store.PutAsync(Root + "a", "1"u8.ToArray());
        await AssertKindAsync(ErrorKind.AlreadyExists, Root + "a", () => Store.PutAsync(Root + "a", "2"u8.ToArray()).AsTask());
        Assert.Equal("1", await TextAsync("a"));
    }

    [Fact]
    public async Task Put_Overwrite_Replaces()
    {
        await Store.PutAsync(Root + "a", "long content"u8.ToArray());
        await Store.PutAsync(Root + "a", "short"u8.ToArray(), PutCondition.Overwrite);
        Assert.Equal("short", await TextAsync("a"));
    }

    [Fact]
    public async Task Put_IfAbsentByManyAtOnce_OneWins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await Store.PutAsync(Root + "race", Encoding.UTF8.GetBytes($"{i}"));
                return i;
            }
            catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
            {
                return -1;
            }
        })));
        int winner = Assert.Single(outcomes, o => o >= 0);
        Assert.Equal($"{winner}", await TextAsync("race"));
    }

    [Fact]
    public async Task Put_FolderName_IsRefused() =>
        await AssertKindAsync(ErrorKind.InvalidRequest, Root + "a/", () => Store.PutAsync(Root + "a/", "1"u8.ToArray()).AsTask());

    [Fact]
    public async Task Read_Missing_IsNotFoundNamingTheLocation()
    {
        await AssertKindAsync(ErrorKind.NotFound, Root + "none", () => Store.ReadAsync(Root + "none").AsTask());
        await AssertKindAsync(ErrorKind.NotFound, Root + "no/ne", () => Store.ReadRangeAsync(Root + "no/ne", 0, 1).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, Root + "none", async () => (await Store.LeaseAsync(Root + "none")).Dispose());
        Assert.Null(await Store.HeadAsync(Root + "none"));
    }

    [Theory]
    [InlineData(0, 5, "01234")]
    [InlineData(3, 4, "3456")]
    [InlineData(8, 2, "89")]
    [InlineData(10, 0, "")]
    public async Task ReadRange_Inside_GivesExactlyThat(long offset, int length, string expected)
    {
        await Store.PutAsync(Root + "digits", "0123456789"u8.ToArray());
        Assert.Equal(expected, Encoding.UTF8.GetString((await Store.ReadRangeAsync(Root + "digits", offset, length)).Span));
    }

    [Theory]
    [InlineData(9, 2)]
    [InlineData(11, 1)]
    public async Task ReadRange_BeyondTheEnd_IsDataCorrupted(long offset, int length)
    {
        await Store.PutAsync(Root + "digits", "0123456789"u8.ToArray());
        await AssertKindAsync(ErrorKind.DataCorrupted, Root + "digits", () => Store.ReadRangeAsync(Root + "digits", offset, length).AsTask());
    }

    [Fact]
    public async Task Delete_PresentAndAbsent_BothSucceed()
    {
        await Store.PutAsync(Root + "a", "1"u8.ToArray());
        await Store.DeleteAsync(Root + "a");
        await Store.DeleteAsync(Root + "a");
        await Store.DeleteAsync(Root + "never/was");
        Assert.Null(await Store.HeadAsync(Root + "a"));
    }

    [Theory]
    [InlineData("plain.parquet")]
    [InlineData("day=2024-01-01%2F02/part %20é+&?#.parquet")]
    [InlineData("a b/c\td/ü\U0001F600.json")]
    [InlineData(".hidden/.file")]
    [InlineData("quote'\"`$(x);*[].txt")]
    [InlineData("company=Acme+Inc./etc../ends ")]
    [InlineData("con/NUL.parquet")]
    public async Task Put_OddCharacters_AreKeptAndNeverDecoded(string name)
    {
        await Store.PutAsync(Root + name, Encoding.UTF8.GetBytes(name));
        Assert.Equal(name, await TextAsync(name));
        Assert.Equal([Root + name], await ListAsync(Root));
        if (name.Contains("%20", StringComparison.Ordinal))
            Assert.Null(await Store.HeadAsync(Root + name.Replace("%20", " ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a:b/back\\slash|<x>?\u0001.parquet")]
    [InlineData("c=%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4/f.parquet")]
    [InlineData("t./.tarn-0.tmp")]
    public async Task Keys_NoFileCanHaveInABucket_AreObjectsLikeOthers(string name)
    {
        if (!Root.StartsWith("s3://lake/", StringComparison.Ordinal))
            return;
        using (var file = Store.Stage(".x"))
        {
            await WriteStagedAsync(file.Path, name);
            await Store.AdoptAsync([(file, Root + name)]);
        }

        await Store.PutAsync(Root + "z", "z"u8.ToArray());
        await AssertKindAsync(ErrorKind.AlreadyExists, Root + name, () => Store.PutAsync(Root + name, "2"u8.ToArray()).AsTask());
        Assert.Equal(name, await TextAsync(name));
        using (var lease = await Store.LeaseAsync(Root + name))
            Assert.Equal(name, await ReadLeasedAsync(lease.Path));
        Assert.Equal([Root + name, Root + "z"], await ListAsync(Root));
        Assert.Equal([Root + name], await ListAsync(Root + name[..1]));
        Assert.Equal([Root + name], await ListAsync(Root + name[..(name.IndexOf('/', StringComparison.Ordinal) + 2)]));
        await Store.DeleteAsync(Root + name);
        Assert.Equal([Root + "z"], await ListAsync(Root));
        Assert.Null(await Store.HeadAsync(Root + name));
    }

    [Fact]
    public async Task List_MixedFoldersAndFiles_IsInOrdinalOrderOfLocations()
    {
        string[] names = ["b/1", "b.x", "b-x", "b/a/z", "b0", "a", "B", "b/a.z", "ü", "b/a-z", "c/d/e/f", "b./1", "b:/a/z", "B /x"];
        foreach (string name in names)
            await Store.PutAsync(Root + name, "x"u8.ToArray());
        Assert.Equal([.. names.Select(n => Root + n).Order(StringComparer.Ordinal)], await ListAsync(Root));
    }

    [Theory]
    [InlineData("", 5)]
    [InlineData("d", 4)]
    [InlineData("data", 3)]
    [InlineData("data/", 2)]
    [InlineData("data/f", 2)]
    [InlineData("data/f1", 1)]
    [InlineData("data/f1/", 0)]
    [InlineData("x", 0)]
    [InlineData("x/y/z/", 0)]
    public async Task List_PrefixNeedNotEndAtASlash(string prefix, int expected)
    {
        foreach (string name in (string[])["data/f1", "data/f2", "data-old", "dim", "meta"])
            await Store.PutAsync(Root + name, "x"u8.ToArray());
        Assert.Equal(expected, (await ListAsync(Root + prefix)).Count);
    }

    [Fact]
    public async Task Adopt_StagedFiles_BecomeObjectsAndLeaveStaging()
    {
        var staged = Enumerable.Range(0, 20).Select(i => (File: Store.Stage(".parquet"), Location: $"{Root}data/p={i % 3}/{i}.parquet")).ToArray();
        Assert.Equal(20, staged.Select(s => s.File.Path).Distinct().Count());
        Assert.All(staged, s => Assert.EndsWith(".parquet", s.File.Path, StringComparison.Ordinal));
        foreach (var (file, location) in staged)
            await WriteStagedAsync(file.Path, location);
        var stats = await Store.AdoptAsync(staged);
        Assert.Equal(staged.Select(s => s.Location), stats.Select(s => s.Location));
        foreach (var (file, location) in staged)
        {
            Assert.Equal(location, Encoding.UTF8.GetString((await Store.ReadAsync(location)).Span));
            file.Dispose();
            Assert.NotNull(await Store.HeadAsync(location));
        }
    }

    [Fact]
    public async Task Adopt_TakenName_IsAlreadyExistsAndStoresNothing()
    {
        await Store.PutAsync(Root + "taken", "old"u8.ToArray());
        using var file = Store.Stage(".x");
        await WriteStagedAsync(file.Path, "new");
        await AssertKindAsync(ErrorKind.AlreadyExists, Root + "taken", () => Store.AdoptAsync([(file, Root + "taken")]).AsTask());
        Assert.Equal("old", await TextAsync("taken"));
    }

    [Fact]
    public async Task Adopt_FileNeverWritten_IsNotFound()
    {
        using var file = Store.Stage(".x");
        await AssertKindAsync(ErrorKind.NotFound, Root + "a", () => Store.AdoptAsync([(file, Root + "a")]).AsTask());
        Assert.Empty(await ListAsync(Root));
    }

    [Fact]
    public async Task Adopt_Nothing_IsNothing() => Assert.Empty(await Store.AdoptAsync([]));

    [Fact]
    public async Task Stage_DisposedWithoutAdoption_LeavesNoObject()
    {
        var file = Store.Stage(".x");
        await WriteStagedAsync(file.Path, "x");
        file.Dispose();
        file.Dispose();
        Assert.False(File.Exists(file.Path));
        Assert.Empty(await ListAsync(Root));
    }

    [Fact]
    public async Task Lease_Object_GivesALocalFileWithItsBytes()
    {
        await Store.PutAsync(Root + "data/f.csv", "a,b\n1,2\n"u8.ToArray());
        var pending = Store.LeaseAsync(Root + "data/f.csv");
        using var lease = await pending;
        Assert.Equal("a,b\n1,2\n", await ReadLeasedAsync(lease.Path));
        Assert.EndsWith(".csv", lease.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schemes_S3aAndS3n_AreS3()
    {
        if (!Root.StartsWith("s3://", StringComparison.Ordinal))
            return;
        await Store.PutAsync(Root + "a", "1"u8.ToArray());
        foreach (string scheme in (string[])["s3a://", "s3n://"])
        {
            string root = scheme + Root["s3://".Length..];
            Assert.Equal(root + "a", (await Store.HeadAsync(root + "a"))!.Location);
            Assert.Equal([root + "a"], await ListAsync(root));
        }
    }

    [Fact]
    public async Task Calls_Cancelled_Throw()
    {
        var cancelled = new CancellationToken(true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(Root + "a", "1"u8.ToArray(), cancellationToken: cancelled).AsTask());
        Assert.Null(await Store.HeadAsync(Root + "a"));
    }

    /// <summary>Writes a staged file as an engine would; a store over another disk than the real one says how.</summary>
    protected virtual Task WriteStagedAsync(string path, string content) => File.WriteAllTextAsync(path, content);

    /// <summary>Reads a leased file as an engine would.</summary>
    protected virtual Task<string> ReadLeasedAsync(string path) => File.ReadAllTextAsync(path);

    private async Task<string> TextAsync(string name) => Encoding.UTF8.GetString((await Store.ReadAsync(Root + name)).Span);

    private async Task<List<string>> ListAsync(string prefix)
    {
        var found = new List<string>();
        await foreach (var stat in Store.ListAsync(prefix))
            found.Add(stat.Location);
        return found;
    }

    private static async Task AssertKindAsync(ErrorKind kind, string location, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<TarnException>(call);
        Assert.Equal(kind, error.Kind);
        Assert.Contains(location, error.Message, StringComparison.Ordinal);
    }
}
