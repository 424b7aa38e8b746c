using Tarn.Access;
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

    [Fact]
    public async Task Keys_AfterTheirTime_AreExpired()
    {
        var time = new ManualTimeProvider();
        await using var server = await CatalogTestServer.StartAsync(new CatalogOptions { ClientStorage = new ClientStorage { Port = 9000 }, CredentialLifetime = TimeSpan.FromMinutes(20) }, time);
        using var root = await server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        (await root.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"))).Require(200);
        var config = (await root.GetAsync("/v1/lake/namespaces/a/tables/t", s_vended)).Require(200).GetProperty("config");
        async Task<AccessKeyStatus> StatusAsync() => (await server.Access.Control.FindAccessKeyAsync(config.GetProperty("s3.access-key-id").GetString()!, config.GetProperty("s3.session-token").GetString())).Status;
        time.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal(AccessKeyStatus.Found, await StatusAsync());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(AccessKeyStatus.Expired, await StatusAsync());
    }

    [Fact]
    public async Task Renew_ForAStagedTable_OpensTheSameFoldersEachTime()
    {
        await using var server = await CatalogTestServer.StartAsync(new CatalogOptions { ClientStorage = new ClientStorage { Port = 9000 } });
        using var root = await server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        string table = Bodies.Table("s", ""","stage-create":true,"properties":{"write.data.path":"s3://lake/elsewhere/s","write.object-storage.path":"s3://lake/objects/s"}""");
        var config = (await root.PostAsync("/v1/lake/namespaces/a/tables", table, s_vended)).Require(200).GetProperty("config");
        for (int i = 0; i < 3; i++)
        {
            string endpoint = config.GetProperty("client.refresh-credentials-endpoint").GetString()!;
            Assert.Contains("s3%3A%2F%2Flake%2Felsewhere%2Fs", endpoint, StringComparison.Ordinal);
            Assert.Contains("s3%3A%2F%2Flake%2Fobjects%2Fs", endpoint, StringComparison.Ordinal);
            var credential = Assert.Single((await root.GetAsync("/" + endpoint)).Require(200).GetProperty("storage-credentials").EnumerateArray());
            Assert.Equal("s3://lake/", credential.GetProperty("prefix").GetString());
            config = credential.GetProperty("config");
        }
    }

    /// <summary>S3FileIO of Iceberg 1.9 says "only one S3 credential should exist".</summary>
    [Theory]
    [InlineData("Apache Iceberg 1.9.2 (commit 071d5606bc6199a0be9b3f274ec7fbf111d88821)", new[] { "s3://lake/" })]
    [InlineData("Apache Iceberg 1.11.0 (commit 6976e020b894f6a6777704df2b8c4458cb291ae9)", new[] { "s3://lake/own/t", "s3://lake/elsewhere/t" })]
    [InlineData("PyIceberg 0.12.0", new[] { "s3://lake/own/t", "s3://lake/elsewhere/t" })]
    public async Task Load_TableOfTwoFolders_HasAnEntryForEachWhereTheClientTakesSeveral(string client, string[] prefixes)
    {
        await using var server = await CatalogTestServer.StartAsync(new CatalogOptions { ClientStorage = new ClientStorage { Port = 9000 } });
        using var root = await server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["own"]}""")).Require(200);
        (await root.PostAsync("/v1/lake/namespaces/own/tables", Bodies.Table("t", ""","location":"s3://lake/own/t","properties":{"write.data.path":"s3://lake/elsewhere/t"}"""))).Require(200);
        var answer = (await root.GetAsync("/v1/lake/namespaces/own/tables/t", s_vended, ("X-Client-Version", client))).Require(200);
        Assert.Equal(prefixes, answer.GetProperty("storage-credentials").EnumerateArray().Select(c => c.GetProperty("prefix").GetString()));
    }

    private static async Task<string> KeyAsync(CatalogTestClient client) =>
        (await client.GetAsync("/v1/lake/namespaces/a/tables/t", s_vended)).Require(200).GetProperty("config").GetProperty("s3.access-key-id").GetString()!;
}
