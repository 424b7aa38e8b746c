using Tarn.Testing.Files;

namespace Tarn.Interop.Tests.Lake;

/// <summary>The same lake twice: with Tarn's own locations (<c>s3://lake</c>), and with <c>file:</c> locations for readers that cannot map them. Made once for all tests.</summary>
public sealed class ForeignLakes : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    internal ForeignLake Own { get; private set; } = null!;

    internal ForeignLake OnFiles { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Own = await ForeignLake.CreateAsync(folder["own"], null);
        OnFiles = await ForeignLake.CreateAsync(folder["files"], $"file://{folder["files"]}/lake");
    }

    public Task DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable("TARN_KEEP") is null)
            folder.Dispose();
        return Task.CompletedTask;
    }
}

[CollectionDefinition(Name)]
public sealed class ForeignLakeCollection : ICollectionFixture<ForeignLakes>
{
    public const string Name = "foreign lakes";
}
