namespace Tarn.Catalog.Tests.Rest.Hosting;

/// <summary>Tests against a door with the namespace <c>a</c>.</summary>
public abstract class CatalogTests : IAsyncLifetime
{
    internal CatalogTestServer Server { get; private set; } = null!;

    internal CatalogTestClient Client { get; private set; } = null!;

    /// <summary>Settings of the door.</summary>
    internal virtual CatalogOptions Options => new();

    public async Task InitializeAsync()
    {
        Server = await CatalogTestServer.StartAsync(Options);
        Client = await Server.ConnectAsync();
        (await Client.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
