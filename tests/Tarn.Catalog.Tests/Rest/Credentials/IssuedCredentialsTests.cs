using Tarn.Access.Administration;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Testing.Time;

namespace Tarn.Catalog.Tests.Rest.Credentials;

public sealed class IssuedCredentialsTests
{
    private static readonly (string, string) s_vended = ("X-Iceberg-Access-Delegation", "vended-credentials");

    [Fact]
    public async Task Issue_AfterARevocation_HandsOutOthers()
    {
        var time = new ManualTimeProvider();
        var options = new CatalogOptions { ClientStorage = new ClientStorage { Port = 9000, Region = "us-east-1" } };
        await using var server = await CatalogTestServer.StartAsync(options, time);
        using var root = await server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        (await root.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"))).Require(200);
        await server.Administration.CreateUserAsync(new NewUser("ada", Policies: ["catalog"]));
        var key = await server.Administration.CreateKeyAsync(new KeyRequest("ada"));
        using var before = await server.ConnectAsync(key.Id, key.Secret);
        string first = await KeyAsync(before);
        Assert.Equal(first, await KeyAsync(before));
        time.Advance(TimeSpan.FromSeconds(2));
        await server.Administration.RevokeSessionsAsync(new PolicyHolder(PolicyHolderKind.User, "ada"));
        time.Advance(TimeSpan.FromSeconds(2));
        using var after = await server.ConnectAsync(key.Id, key.Secret);
        string second = await KeyAsync(after);
        Assert.NotEqual(first, second);
        Assert.Equal(second, await KeyAsync(after));
    }

    private static async Task<string> KeyAsync(CatalogTestClient client) =>
        (await client.GetAsync("/v1/lake/namespaces/a/tables/t", s_vended)).Require(200).GetProperty("config").GetProperty("s3.access-key-id").GetString()!;
}
